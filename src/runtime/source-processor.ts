import type { Downstream, DropReason, RecordContext } from '../../operators/processor.js'
import { synchronous } from '../../operators/user-function.js'
import { causeOfClass } from '../errors/causes.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import { SchemaPendingError } from '../serdes/schema-pending-error.js'
import type { Serde } from '../serdes/serde.js'
import type { TimestampExtractor } from '../time/timestamp-extractor.js'
import {
  failOnInvalidTimestamp,
  InvalidTimestampError,
  isValidTimestamp,
} from '../time/timestamp-policies.js'
import type { Alignment } from '../time/watermark-strategy.js'
import type { AnySourceNode } from '../topology/sub-topology.js'
import type { ExceptionPolicy, TaskInHand } from './exception-policy.js'
import { DeserializationError, ProcessingError } from './processing-error.js'
import type { TaskTime } from './punctuation.js'
import type { RecordView } from './record-view.js'
import type { SourceEventTime } from './source-event-time.js'
import { StreamsError } from './streams-error.js'

const failing = failOnInvalidTimestamp()

/**
 * What became of what a source was given:
 *
 * - `record`: it went through the task.
 * - `marker`: it told how far event time has come.
 * - `awaited`: it cannot be read before a schema is fetched; nothing has happened.
 */
export type Taken = 'record' | 'marker' | 'awaited'

/** Where records of one topic enter a task: bytes become keys and values, and a record gets its event time. */
export class SourceProcessor {
  private readonly keySerde: Serde<unknown>
  private readonly valueSerde: Serde<unknown>
  private readonly extractor: TimestampExtractor<unknown, unknown> | undefined
  private readonly times: number[] = []
  /** Offset of the record whose event time was asked for ahead, if any. The rest of it is in `extracted`. */
  private peekedOffset: number | undefined
  private peekedPartition = -1
  private peekedTime = -1
  /** What the last record waits for that could not be read yet. */
  awaits: SchemaPendingError | undefined
  /** What an extractor sees: one object for all records. */
  private readonly extracted = {
    key: null as unknown,
    value: null as unknown,
    timestamp: 0,
    headers: NO_HEADERS,
    topic: '',
    partition: 0,
    offset: 0,
  }

  constructor(
    private readonly node: AnySourceNode,
    /** As the topology names it. */
    readonly topic: string,
    private readonly record: RecordContext,
    private readonly downstream: Downstream<unknown, unknown>,
    private readonly dropped: (node: string, reason: DropReason) => void,
    private readonly time: TaskTime,
    private readonly inHand: TaskInHand,
    private readonly policy: ExceptionPolicy,
    /** Set where event time comes from watermarks. */
    private readonly watermarks: SourceEventTime | undefined,
  ) {
    this.keySerde = node.key
    this.valueSerde = node.value
    this.extractor = node.timestamp
    this.extracted.topic = topic
  }

  /**
   * Runs a record through the task; when it returns, all that the record causes in the task has happened.
   *
   * @throws {DeserializationError} if the key or value cannot be read
   * @throws {InvalidTimestampError} if the timestamp is invalid and the source does not say what to do then
   * @throws {ProcessingError} if a function of the user fails
   */
  process(view: RecordView, partition: number): Taken {
    if (this.watermarks?.takeMarker(view) === true) {
      this.fireStreamTime()
      return 'marker'
    }
    return this.processRecord(view, partition)
  }

  private processRecord(view: RecordView, partition: number): Taken {
    const { record, time, watermarks } = this
    record.topic = this.topic
    record.partition = partition
    record.offset = view.offset
    const peeked = this.peekedOffset === view.offset && this.peekedPartition === partition
    record.headers = peeked ? this.extracted.headers : view.headers
    this.inHand.view = view
    let key: unknown
    let value: unknown
    let timestamp: number
    const partitionTime = this.partitionTime(partition)
    if (peeked) {
      key = this.extracted.key
      value = this.extracted.value
      timestamp = this.peekedTime
      this.peekedOffset = undefined
    } else {
      try {
        key = view.keyEnd < 0 ? null : this.readKey(view)
        value = view.valueEnd < 0 ? null : this.readValue(view)
      } catch (error) {
        if (this.mustWait(error)) return 'awaited'
        this.policy.deserializationFailed(error as DeserializationError)
        return 'record'
      }
      timestamp = this.eventTime(view, partition, key, value, record.headers)
    }
    if (!isValidTimestamp(timestamp)) {
      this.dropped(this.node.name, 'invalid-timestamp')
      return 'record'
    }
    if (timestamp > partitionTime) this.setPartitionTime(partition, timestamp)
    if (watermarks === undefined && timestamp > time.streamTime) time.streamTime = timestamp
    this.downstream.process(key, value, timestamp)
    if (watermarks !== undefined && !watermarks.passes(timestamp))
      this.observe(watermarks, view, partition, key, value, timestamp)
    this.fireStreamTime()
    return 'record'
  }

  private mustWait(error: unknown): boolean {
    this.awaits = causeOfClass(error, SchemaPendingError)
    return this.awaits !== undefined
  }

  private fireStreamTime(): void {
    const { time } = this
    if (!time.streamTimeDue) return
    this.inHand.view = undefined
    time.fireStreamTime()
  }

  /** Has a record bring event time on, behind all that it has caused. */
  private observe(
    watermarks: SourceEventTime,
    view: RecordView,
    partition: number,
    key: unknown,
    value: unknown,
    timestamp: number,
  ): void {
    if (!watermarks.seesRecords) {
      watermarks.observe(timestamp)
      return
    }
    this.extract(view, partition, key, value, view.headers)
    try {
      watermarks.observeRecord(this.extracted, timestamp)
    } catch (cause) {
      throw cause instanceof StreamsError ? cause : new ProcessingError(this.node.name, this.record, cause)
    }
  }

  /**
   * Event time waits for what is read from now on.
   *
   * @param committedTime how far that of the partition had come when it was committed; -1: that is not known
   */
  beginReading(partition: number, committedTime = -1): void {
    this.watermarks?.join(this.partitionTime(partition), committedTime)
  }

  /** @param nothingFor for how long there has been nothing to read, milliseconds. @returns whether event time has moved */
  tick(now: number, nothingFor: number): boolean {
    return this.watermarks?.tick(now, nothingFor) === true
  }

  /** Which partitions it is not to be far ahead of. */
  get alignment(): Alignment | undefined {
    return this.node.watermark?.alignment
  }

  /** How far event time has come here; -1: that is not known, or not told by watermarks. */
  get inputEventTime(): number {
    return this.watermarks?.eventTime ?? -1
  }

  get inputIdle(): boolean {
    return this.watermarks?.idle === true
  }

  /** Nothing comes any more. @returns whether event time has moved */
  endInput(): boolean {
    return this.watermarks?.end() === true
  }

  /**
   * The event time of the record that is processed next; undefined where it cannot be read before a schema is fetched. What
   * an extractor is given and gives is kept for `process`; where it fails, or the record cannot be read, that is told there,
   * and the record's own timestamp stands in.
   */
  peek(view: RecordView, partition: number): number | undefined {
    if (this.extractor === undefined) return view.timestamp
    try {
      const key = view.keyEnd < 0 ? null : this.readKey(view)
      const value = view.valueEnd < 0 ? null : this.readValue(view)
      this.peekedTime = this.eventTime(view, partition, key, value, view.headers)
      this.peekedOffset = view.offset
      this.peekedPartition = partition
      return this.peekedTime
    } catch (error) {
      return this.mustWait(error) ? undefined : view.timestamp
    }
  }

  /** The greatest timestamp seen on a partition; -1 at first. */
  partitionTime(partition: number): number {
    return partition < this.times.length ? this.times[partition]! : -1
  }

  /** Goes on from the partition time that was committed. */
  setPartitionTime(partition: number, time: number): void {
    while (this.times.length <= partition) this.times.push(-1)
    this.times[partition] = time
  }

  private readKey(view: RecordView): unknown {
    try {
      return this.keySerde.deserialize(view.buffer, view.keyStart, view.keyEnd)
    } catch (cause) {
      throw new DeserializationError(this.node.name, this.record, 'key', cause)
    }
  }

  private readValue(view: RecordView): unknown {
    try {
      return this.valueSerde.deserialize(view.buffer, view.valueStart, view.valueEnd)
    } catch (cause) {
      throw new DeserializationError(this.node.name, this.record, 'value', cause)
    }
  }

  private eventTime(
    view: RecordView,
    partition: number,
    key: unknown,
    value: unknown,
    headers: RecordHeaders,
  ): number {
    const { timestamp } = view
    const { extractor } = this
    if (extractor === undefined && isValidTimestamp(timestamp)) return timestamp
    const { extracted, record } = this
    this.extract(view, partition, key, value, headers)
    try {
      return synchronous((extractor ?? failing)(extracted, this.partitionTime(partition)))
    } catch (cause) {
      throw cause instanceof InvalidTimestampError
        ? cause
        : new ProcessingError(this.node.name, record, cause)
    }
  }

  /** Has extractors and generators see a record. */
  private extract(
    view: RecordView,
    partition: number,
    key: unknown,
    value: unknown,
    headers: RecordHeaders,
  ): void {
    const { extracted } = this
    extracted.key = key
    extracted.value = value
    extracted.timestamp = view.timestamp
    extracted.headers = headers
    extracted.partition = partition
    extracted.offset = view.offset
  }
}
