import type { StoreEntry, TimeOrderedStore } from '../src/state/store.js'
import type { EventClock, TimeListener } from '../src/time/event-clock.js'
import { keptRecord } from './kept-record.js'
import type { Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { OwnRowByRow, type OwnRows } from './steps.js'
import { type StreamTableJoin, StreamTableJoinProcessor } from './stream-table-join.js'
import type { WaitingKey, WaitingRecord } from './waiting-record.js'

/** Where the records of a join wait, and for how long. */
export interface Waiting {
  /** Name of the buffer's store. */
  readonly store: string
  /** Milliseconds of event time. */
  readonly grace: number
}

type Row<K, V> = StoreEntry<WaitingKey<K>, WaitingRecord<V>>

class WaitingStreamTableJoinProcessor<K, V, KT, VT, VR>
  implements Processor<K, V, K, VR>, TimeListener, OwnRows
{
  private context!: ProcessorContext<K, VR>
  private clock!: EventClock
  private store!: TimeOrderedStore<WaitingKey<K>, WaitingRecord<V>>
  private readonly joined: StreamTableJoinProcessor<K, V, KT, VT, VR>
  private joining!: OwnRowByRow

  constructor(
    join: StreamTableJoin<K, V, KT, VT, VR>,
    private readonly waiting: Waiting,
  ) {
    this.joined = new StreamTableJoinProcessor(join)
  }

  init(context: ProcessorContext<K, VR>): void {
    this.context = context
    this.clock = context.clock
    this.clock.onAdvance(this)
    this.store = context.store(this.waiting.store)
    this.joined.init(context)
    this.joining = new OwnRowByRow(context, this)
    if (this.isDue(this.store.first())) this.joining.begin()
  }

  process(key: K, value: V, timestamp: number): void {
    this.joining.finish()
    const meetsNone = key === null || key === undefined || value === null || value === undefined
    if (meetsNone || timestamp < this.clock.now - this.waiting.grace) {
      this.joined.process(key, value, timestamp)
      return
    }
    this.clock.observe(timestamp)
    this.keep(key, value, timestamp)
    if (this.isDue(this.store.first())) this.joining.begin()
  }

  timeAdvanced(): void {
    if (!this.joining.pending && this.isDue(this.store.first())) this.joining.begin()
  }

  get holdsBack(): number {
    return this.waiting.grace
  }

  close(): void {
    this.joined.close()
  }

  private keep(key: K, value: V, timestamp: number): void {
    const record = { ...keptRecord(this.context.record, timestamp), value }
    this.store.write(this.freeRow(key, record.offset), record, timestamp, record.headers)
  }

  private freeRow(key: K, offset: number): Row<K, V> {
    for (let index = 0; ; index++) {
      const row = this.store.entry({ key, offset, index })
      if (row.value === undefined) return row
    }
  }

  /** Joins the record that has waited longest, if its time has come. */
  handOn(): boolean {
    const row = this.store.first()
    if (!this.isDue(row)) return false
    this.joinRow(row)
    return true
  }

  private isDue(row: Row<K, V> | undefined): row is Row<K, V> {
    return row !== undefined && row.value!.timestamp <= this.clock.now - this.waiting.grace
  }

  private joinRow(row: Row<K, V>): void {
    const { value, timestamp, topic, partition, offset, headers } = row.value!
    this.store.write(row, undefined, timestamp, headers)
    const { record } = this.context
    const inHand = { ...record }
    Object.assign(record, { topic, partition, offset, headers })
    this.joined.process(row.key.key, value, timestamp)
    Object.assign(record, inHand)
  }
}

/**
 * As `streamTableJoin`, but each record waits until the stream is ahead of it by the grace period, so that rows of the
 * table that come late are met as well (KIP-923). Records are joined in order of their timestamps; one that is late
 * itself is joined at once, and so is one without key, which meets no row whenever it is joined.
 */
export const waitingStreamTableJoin =
  <K, V, KT, VT, VR>(
    join: StreamTableJoin<K, V, KT, VT, VR>,
    waiting: Waiting,
  ): ProcessorSupplier<K, V, K, VR> =>
  () =>
    new WaitingStreamTableJoinProcessor(join, waiting)
