import { NO_HEADERS, type RecordHeaders } from '../serdes/record-headers.js'
import { type Duration, parseDuration } from '../time/duration.js'
import { serialized } from './serialized.js'
import type { RawRecord, TopicSerdes } from './test-record.js'

/** What goes with a record that a test pipes in. */
export interface PipeOptions {
  /** Epoch milliseconds, also invalid ones. Default: the topic's time. */
  readonly timestamp?: number
  readonly headers?: RecordHeaders
}

/** How a test writes a topic. */
export interface InputTopicOptions<K, V> extends TopicSerdes<K, V> {
  /** Where the topic's time begins, epoch milliseconds. Default: the driver's wall clock. */
  readonly startTime?: number
  /** How far the topic's time goes on with each record that takes its timestamp from it. Default: 0. */
  readonly autoAdvance?: Duration
}

/** A topic that a test writes. Made by `TopologyTestDriver.createInputTopic`. */
export class TestInputTopic<K, V> {
  private now: number
  private readonly autoAdvance: number

  constructor(
    readonly name: string,
    private readonly options: InputTopicOptions<K, V>,
    startTime: number,
    private readonly send: (record: RawRecord) => void,
  ) {
    this.now = startTime
    this.autoAdvance = parseDuration('autoAdvance', options.autoAdvance ?? 0)
  }

  /** Sends a record through the topology; when it returns, all that it causes has happened and is committed. */
  pipe(key: K | null, value: V | null, options: PipeOptions = {}): void {
    const { timestamp = this.tick(), headers = NO_HEADERS } = options
    this.send({
      key: serialized(this.options.key, key),
      value: serialized(this.options.value, value),
      timestamp,
      headers,
    })
  }

  /** Sends records one after the other. */
  pipeAll(records: Iterable<readonly [key: K | null, value: V | null, options?: PipeOptions]>): void {
    for (const [key, value, options] of records) this.pipe(key, value, options)
  }

  /** Moves the topic's time on. */
  advanceTime(by: Duration): void {
    this.now += parseDuration('advanceTime', by)
  }

  private tick(): number {
    const { now } = this
    this.now += this.autoAdvance
    return now
  }
}
