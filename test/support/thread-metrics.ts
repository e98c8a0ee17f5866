import { sumMetrics, type ThreadMetrics } from '../../src/runtime/stream-metrics.js'

/** Figures of a thread that has done nothing, but what is said. */
export const threadMetrics = (figures: Partial<ThreadMetrics> = {}): ThreadMetrics => ({
  thread: 0,
  startedAt: 1_000,
  tasks: [],
  recordsProcessed: 0,
  outputRecords: 0,
  commits: 0,
  pendingBytes: 0,
  lastCommitMs: 0,
  lag: undefined,
  streamTime: -1,
  eventTime: [],
  asyncCalls: [],
  watermarkMarkers: 0,
  recordsRestored: 0,
  dropped: {},
  ...figures,
})

/** A client whose figures are what a test says. */
export class FakeClient {
  state = 'running' as const
  reads = 0

  constructor(public threads: readonly ThreadMetrics[]) {}

  metrics() {
    this.reads++
    return sumMetrics(this.threads)
  }
}
