import type { Fetcher, FetchProgress } from '../kafka/consumer/fetcher.js'
import { RecordCursor } from '../kafka/records/record-cursor.js'
import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'
import type { SchemaPendingError } from '../serdes/schema-pending-error.js'
import type { Alignment } from '../time/watermark-strategy.js'
import type { InputGate } from './intake.js'
import type { SourceProcessor, Taken } from './source-processor.js'
import type { HeldInput, InputMetrics } from './stream-metrics.js'
import type { InputTopicCount } from './topic-counts.js'
import { type CoveredBatches, UncommittedBatches } from './uncommitted-batches.js'

/** One input partition of a task: records in offset order, one in hand at a time. */
export class TaskInput {
  private readonly cursor: RecordCursor
  private readonly batches: UncommittedBatches
  private readonly rateLimit: InputGate['rateLimit']
  /** Whether the cursor stands on a record that is not processed yet. */
  private holdsRecord = false
  private start: number
  private begun = false
  /** Of the record in hand, once it was asked for. */
  private time = -1
  private timeKnown = false
  /** What the record in hand cannot be read without, while that is being fetched. */
  private awaited: SchemaPendingError | undefined
  /** It is not read on from when its event time is further: others are to come up. */
  limit = Number.POSITIVE_INFINITY
  /** The one whose event time sets the limit. */
  limitedBy: TopicPartition | undefined
  /** Where it stood, and when it last had something to read, as `performance.now()`. */
  private seenPosition = -1
  private busyUntil = 0

  /**
   * @param topic its name in Kafka
   * @param committedTime how far its event time had come when it was committed; -1: that is not known
   * @param gate what may hold it back, beside alignment
   */
  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly fetcher: Fetcher,
    private readonly source: SourceProcessor,
    offset: number,
    count: InputTopicCount,
    private readonly committedTime = -1,
    private readonly gate?: InputGate,
  ) {
    this.start = offset
    this.rateLimit = gate?.rateLimit
    this.rateLimit?.join()
    this.batches = new UncommittedBatches(count)
    this.cursor = new RecordCursor({}, this.batches)
    fetcher.add(topic, partition, offset)
  }

  /** Makes the next record the one in hand; false if none is fetched yet. */
  advance(): boolean {
    if (this.held || this.awaited !== undefined || this.rateLimit?.open === false) return false
    if (this.holdsRecord) return true
    this.holdsRecord = (this.begun && this.cursor.next()) || this.openNextChunk()
    this.timeKnown = false
    return this.holdsRecord
  }

  /** Whether it is not read on from: it is too far ahead of others in event time. */
  get held(): boolean {
    return this.limit !== Number.POSITIVE_INFINITY && this.eventTime > this.limit
  }

  /** What it waits for where it is held, for people. */
  get hold(): HeldInput | undefined {
    const { held, limitedBy } = this
    if (!held || limitedBy === undefined) return undefined
    return {
      input: topicPartitionKey(this.topic, this.partition),
      waitsFor: topicPartitionKey(limitedBy.topic, limitedBy.partition),
    }
  }

  private openNextChunk(): boolean {
    for (;;) {
      const chunk = this.fetcher.take(this.topic, this.partition)
      if (chunk === undefined) return false
      this.batches.chunkBegun(chunk)
      this.cursor.open(chunk)
      this.begun = true
      if (this.cursor.next()) return true
    }
  }

  /** Event time of the record in hand, by which inputs are in order; undefined: it cannot be read yet. */
  get headTimestamp(): number | undefined {
    if (!this.timeKnown) {
      const time = this.source.peek(this.cursor, this.partition)
      if (time === undefined) {
        this.awaitSchema()
        return undefined
      }
      this.timeKnown = true
      this.time = time
    }
    return this.time
  }

  /** Runs the record in hand through the topology; it stays in hand where it cannot be read yet. */
  processHead(): Taken {
    this.holdsRecord = false
    const taken = this.source.process(this.cursor, this.partition)
    if (taken === 'awaited') {
      this.holdsRecord = true
      this.awaitSchema()
    } else if (this.rateLimit !== undefined && taken === 'record') this.rateLimit.took(this.cursor.byteLength)
    return taken
  }

  /** Reads on when the schema that the record in hand was written with is there. */
  private awaitSchema(): void {
    const awaited = this.source.awaits!
    this.awaited = awaited
    void awaited.ready.then(() => {
      if (this.awaited === awaited) this.awaited = undefined
      this.gate?.readable()
    })
  }

  /** Resolves when the schema is there that the record in hand waits for; undefined: it waits for none. */
  get readable(): Promise<void> | undefined {
    return this.awaited?.ready
  }

  /**
   * Takes note of whether it is read on from.
   *
   * @param reason why not, where that has to do with all inputs of the task
   */
  notePause(reason: 'commit' | 'calls' | undefined, now: number): void {
    this.gate?.pause.is(reason ?? this.ownPause, now, this.awaited?.schema)
  }

  private get ownPause(): 'alignment' | 'rate' | 'schema' | undefined {
    if (this.awaited !== undefined) return 'schema'
    if (this.held) return 'alignment'
    return this.rateLimit?.open === false && this.lag !== 0 ? 'rate' : undefined
  }

  /** Event time waits for it from now on. */
  begin(): void {
    this.source.beginReading(this.partition, this.committedTime)
  }

  /**
   * Looks how event time goes on without records.
   *
   * @param now the wall clock, epoch milliseconds
   * @returns whether it has moved
   */
  tick(now: number): boolean {
    return this.source.tick(now, this.nothingFor())
  }

  /** Ends event time here if there is nothing more to read. @returns whether it has moved */
  endIfRead(): boolean {
    return this.lag === 0 && this.source.endInput()
  }

  /** For how long there has been nothing to read, milliseconds. Time in which it was not read does not count. */
  private nothingFor(): number {
    const now = performance.now()
    const { topic, partition, position, fetcher } = this
    if (this.holdsRecord || position !== this.seenPosition || fetcher.hasBuffered(topic, partition)) {
      this.seenPosition = position
      this.busyUntil = now
    }
    return Math.min(now - this.busyUntil, fetcher.emptyFor(topic, partition))
  }

  get alignment(): Alignment | undefined {
    return this.source.alignment
  }

  /** How far its own event time has come; -1: that is not known. */
  get eventTime(): number {
    return this.source.inputEventTime
  }

  /** Whether event time does not wait for it. */
  get idle(): boolean {
    return this.source.inputIdle
  }

  /** The offset to commit: that of the next record to process, past control and aborted records. */
  get position(): number {
    if (!this.begun) return this.start
    return this.holdsRecord ? this.cursor.offset : this.cursor.nextOffset
  }

  /** The greatest timestamp seen on the partition; -1 at first. */
  get partitionTime(): number {
    return this.source.partitionTime(this.partition)
  }

  /** Records up to the last stable offset that are not processed; undefined until the broker was heard. */
  get lag(): number | undefined {
    const end = this.fetcher.lastStableOffset(this.topic, this.partition)
    return end === undefined ? undefined : Math.max(0, end - this.position)
  }

  /** The batches that an epoch which ends here covers: up to the last one whose records are all processed. */
  coverBatches(): CoveredBatches {
    return this.batches.cover(this.holdsRecord || this.cursor.inBatch)
  }

  /** How far it is read. @param wallTime the wall clock, epoch milliseconds */
  metrics(wallTime: number): InputMetrics {
    const { topic, partition, position, lag } = this
    const fetched = this.fetcher.progress(topic, partition)
    return {
      topic,
      partition,
      position,
      lag,
      bufferedRecords: Math.max(0, (fetched?.nextOffset ?? position) - position),
      bufferedBytes: fetched?.bufferedBytes ?? 0,
      oldestAgeMs: lag === 0 ? 0 : ageOf(this.oldestTimestamp(fetched), wallTime),
    }
  }

  /** Timestamp of the oldest record that is not processed, as far as it is known without reading on; -1: it is not. */
  private oldestTimestamp(fetched: FetchProgress | undefined): number {
    const { cursor, begun } = this
    // Within a batch the record processed last is next to the one that comes.
    if (begun && (this.holdsRecord || cursor.inBatch)) return cursor.timestamp
    const next = (begun ? cursor.nextBatchTimestamp : undefined) ?? fetched?.oldestTimestamp
    return next ?? (begun ? cursor.timestamp : -1)
  }

  close(): void {
    this.rateLimit?.leave()
    this.gate?.close(performance.now())
    this.fetcher.remove(this.topic, this.partition)
  }
}

const ageOf = (timestamp: number, wallTime: number): number | undefined =>
  timestamp < 0 ? undefined : Math.max(0, wallTime - timestamp)
