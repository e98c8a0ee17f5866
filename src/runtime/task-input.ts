import type { Fetcher } from '../kafka/consumer/fetcher.js'
import { RecordCursor } from '../kafka/records/record-cursor.js'
import type { SourceProcessor } from './source-processor.js'

/** One input partition of a task: records in offset order, one in hand at a time. */
export class TaskInput {
  private readonly cursor = new RecordCursor()
  /** Whether the cursor stands on a record that is not processed yet. */
  private holdsRecord = false
  private start: number
  private begun = false
  /** Of the record in hand, once it was asked for. */
  private time = -1
  private timeKnown = false

  /** @param topic its name in Kafka */
  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly fetcher: Fetcher,
    private readonly source: SourceProcessor,
    offset: number,
  ) {
    this.start = offset
    fetcher.add(topic, partition, offset)
  }

  /** Makes the next record the one in hand; false if none is fetched yet. */
  advance(): boolean {
    if (this.holdsRecord) return true
    this.holdsRecord = (this.begun && this.cursor.next()) || this.openNextChunk()
    this.timeKnown = false
    return this.holdsRecord
  }

  private openNextChunk(): boolean {
    for (;;) {
      const chunk = this.fetcher.take(this.topic, this.partition)
      if (chunk === undefined) return false
      this.cursor.open(chunk)
      this.begun = true
      if (this.cursor.next()) return true
    }
  }

  /** Event time of the record in hand, by which inputs are in order. */
  get headTimestamp(): number {
    if (!this.timeKnown) {
      this.timeKnown = true
      this.time = this.source.peek(this.cursor, this.partition)
    }
    return this.time
  }

  /** Runs the record in hand through the topology. */
  processHead(): void {
    this.holdsRecord = false
    this.source.process(this.cursor, this.partition)
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

  close(): void {
    this.fetcher.remove(this.topic, this.partition)
  }
}
