import type { SpanStore } from '../src/state/store.js'
import { windowEnd } from '../src/windows/window.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

/** The records of one stream of a join: of each key and timestamp all that came, in the order in which they came. */
export type JoinWindowStore<K, V> = SpanStore<K, readonly V[]>

class JoinWindowProcessor<K, V> implements Processor<K, V, K, V> {
  private context!: ProcessorContext<K, V>
  private downstream!: Downstream<K, V>
  private store!: JoinWindowStore<K, V>

  constructor(
    private readonly storeName: string,
    private readonly size: number,
  ) {}

  init(context: ProcessorContext<K, V>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.storeName)
  }

  process(key: K, value: V, timestamp: number): void {
    // First the records that are there already: a stream that is joined with itself meets each record once.
    this.downstream.process(key, value, timestamp)
    if (key === null || key === undefined || value === null || value === undefined) return
    const { store } = this
    const row = store.span(key, timestamp, windowEnd(timestamp, this.size))
    if (row === undefined) return
    const values = row.value === undefined ? [value] : [...row.value, value]
    store.write(row, values, timestamp, this.context.record.headers)
  }
}

/**
 * Hands each record on to a join, and keeps it for the records of the other stream. One that is older than the windows
 * of the join reach back is not kept.
 */
export const joinWindow =
  <K, V>(store: string, size: number): ProcessorSupplier<K, V, K, V> =>
  () =>
    new JoinWindowProcessor(store, size)
