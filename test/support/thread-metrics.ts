import type { StreamsState } from '../../src/index.js'
import {
  figuresAtFirst,
  type InputMetrics,
  sumMetrics,
  type ThreadMetrics,
} from '../../src/runtime/stream-metrics.js'

/** Figures of a thread that has done nothing, but what is said. */
export const threadMetrics = (figures: Partial<ThreadMetrics> = {}): ThreadMetrics => ({
  ...figuresAtFirst(0, 1_000),
  ...figures,
})

/** An input that is read and has nothing buffered, but what is said. */
export const inputMetrics = (figures: Partial<InputMetrics> = {}): InputMetrics => ({
  topic: 'in',
  partition: 0,
  position: 0,
  lag: undefined,
  bufferedRecords: 0,
  bufferedBytes: 0,
  oldestAgeMs: undefined,
  ...figures,
})

/** A client whose figures are what a test says. */
export class FakeClient {
  state: StreamsState = 'running'
  reads = 0

  constructor(public threads: readonly ThreadMetrics[]) {}

  metrics() {
    this.reads++
    return sumMetrics(this.threads)
  }
}
