import type { CountedWindows, OpenCountWindow } from '../src/serdes/counted-windows.js'
import type { KeyValueStore } from '../src/state/store.js'
import type { CountWindows } from '../src/windows/count-windows.js'
import type { Aggregation } from './aggregation.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class CountWindowAggregate<K, V, A> implements Processor<K, V, K, A> {
  private context!: ProcessorContext<K, A>
  private downstream!: Downstream<K, A>
  private store!: KeyValueStore<K, CountedWindows<A>>

  constructor(
    private readonly windows: CountWindows,
    private readonly aggregation: Aggregation<K, V, A>,
    private readonly storeName: string,
  ) {}

  init(context: ProcessorContext<K, A>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.storeName)
  }

  process(key: K, value: V, timestamp: number): void {
    const { context, store } = this
    if (key === null || key === undefined) {
      context.dropped('null-key')
      return
    }
    if (value === null || value === undefined) {
      context.dropped('null-value')
      return
    }
    const entry = store.entry(key)
    const seen = (entry.value?.seen ?? 0) + 1
    const open = this.withRecord(key, value, timestamp, seen, entry.value?.open ?? [])
    const ended = seen % this.windows.advance === 0 ? open.shift() : undefined
    store.write(entry, { seen, open }, Math.max(entry.timestamp, timestamp), context.record.headers)
    if (ended === undefined || ended.aggregate === null) return
    this.downstream.process(key, ended.aggregate, ended.timestamp)
  }

  /**
   * The windows that a record is in, with it: of those that end at a multiple of the advance the next one, and the ones
   * behind it that begin before the record or with it.
   */
  private withRecord(
    key: K,
    value: V,
    timestamp: number,
    seen: number,
    before: readonly OpenCountWindow<A>[],
  ): OpenCountWindow<A>[] {
    const { records, advance } = this.windows
    const windows: OpenCountWindow<A>[] = []
    for (let end = Math.ceil(seen / advance) * advance; end - records < seen; end += advance) {
      const { timestamp: latest, aggregate } = before[windows.length] ?? { timestamp: -1, aggregate: null }
      windows.push({
        timestamp: Math.max(latest, timestamp),
        aggregate: this.add(key, value, aggregate ?? undefined) ?? null,
      })
    }
    return windows
  }

  private add(key: K, value: V, aggregate: A | undefined): A | undefined {
    try {
      return this.aggregation.add(key, value, aggregate)
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Keeps an aggregate for each window by count that a key is in, and hands each on when its last record is there, with the
 * greatest timestamp of its records. Records without key or without value are dropped and not counted.
 */
export const countWindowAggregate =
  <K, V, A>(
    windows: CountWindows,
    aggregation: Aggregation<K, V, A>,
    store: string,
  ): ProcessorSupplier<K, V, K, A> =>
  () =>
    new CountWindowAggregate(windows, aggregation, store)
