import type { SpanStore } from '../src/state/store.js'
import type { EventClock, TimeListener } from '../src/time/event-clock.js'
import type { JoinBounds } from '../src/windows/join-windows.js'
import { windowEnd } from '../src/windows/window.js'
import { LateRecords } from './late-records.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

/** The records of one stream of a join: of each key and timestamp all that came, in the order in which they came. */
export type JoinWindowStore<K, V> = SpanStore<K, readonly V[]>

class JoinWindowProcessor<K, V> implements Processor<K, V, K, V>, TimeListener {
  private context!: ProcessorContext<K, V>
  private downstream!: Downstream<K, V>
  private store!: JoinWindowStore<K, V>
  private clock!: EventClock
  private late!: LateRecords<K, V>
  /**
   * For how long records are kept beyond the windows' size and grace: where the other stream is always earlier, or later,
   * one that is in time may be further away than that.
   */
  private readonly keptLonger: number

  constructor(
    private readonly storeName: string,
    private readonly windows: JoinBounds,
    private readonly lateOutput: string | undefined,
  ) {
    this.keptLonger = Math.max(0, -windows.beforeMs, -windows.afterMs)
  }

  init(context: ProcessorContext<K, V>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.storeName)
    this.clock = context.clock
    this.clock.onAdvance(this)
    this.late = new LateRecords(context, this.lateOutput)
  }

  timeAdvanced(now: number): void {
    this.store.expireBy(now - 1 - this.keptLonger)
  }

  process(key: K, value: V, timestamp: number): void {
    const { clock, windows } = this
    // In stream time no record is late: what it could meet may be gone.
    if (clock.follows === 'watermarks' && timestamp < clock.now - windows.graceMs) {
      this.late.drop(key, value, timestamp)
      return
    }
    // First the records that are there already: a stream that is joined with itself meets each record once.
    this.downstream.process(key, value, timestamp)
    if (key === null || key === undefined || value === null || value === undefined) return
    const { store } = this
    const row = store.span(key, timestamp, windowEnd(timestamp, joinWindowSize(windows)))
    if (row === undefined) {
      this.context.dropped('expired')
      return
    }
    const values = row.value === undefined ? [value] : [...row.value, value]
    store.write(row, values, timestamp, this.context.record.headers)
  }
}

/**
 * Hands each record on to a join, and keeps it for the records of the other stream. One that is older than the windows
 * of the join reach back is not kept, which is counted: later ones of the other stream do not meet it. With watermarks a record is late, and does not reach the join, that is earlier than
 * event time minus grace.
 */
export const joinWindow =
  <K, V>(store: string, windows: JoinBounds, lateOutput?: string): ProcessorSupplier<K, V, K, V> =>
  () =>
    new JoinWindowProcessor(store, windows, lateOutput)

/** A row of the store is a window of its own, which begins at its records. */
export const joinWindowSize = ({ size }: JoinBounds): number => Math.max(1, size)
