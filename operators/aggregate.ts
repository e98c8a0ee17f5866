import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { CacheFlushListener, KeyValueStore, StoreEntry } from '../src/state/store.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class AggregateProcessor<K, V, A> implements Processor<K, V, K, Change<A>>, CacheFlushListener<K, A> {
  private context!: ProcessorContext<K, Change<A>>
  private downstream!: Downstream<K, Change<A>>
  private store!: KeyValueStore<K, A>

  constructor(
    private readonly aggregation: Aggregation<K, V, A>,
    private readonly storeName: string,
  ) {}

  init(context: ProcessorContext<K, Change<A>>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.storeName)
    if (this.store.cached) this.store.onFlush(this)
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
    const before = entry.value
    let oldValue = before
    const latest = Math.max(entry.timestamp, timestamp)
    let newValue: A | undefined
    try {
      // What was before the first record is told as the old value, as in Kafka Streams.
      oldValue ??= this.aggregation.initial?.()
      newValue = this.aggregation.add(key, value, oldValue)
    } catch (cause) {
      throw context.userError(cause)
    }
    store.write(entry, newValue, latest, context.record.headers)
    if (store.cached) return
    if (before === undefined && oldValue !== undefined) this.begin(key, newValue, oldValue, latest)
    else this.forward(key, newValue, oldValue, latest)
  }

  /** Hands on the first change of a row, with what its aggregation began with. */
  private begin(key: K, newValue: A | undefined, initial: A, timestamp: number): void {
    this.downstream.process(key, { newValue: newValue ?? null, oldValue: initial, fresh: true }, timestamp)
  }

  flushed(entry: StoreEntry<K, A>, oldValue: A | undefined, headers: RecordHeaders, timestamp: number): void {
    const { record } = this.context
    const interrupted = record.headers
    record.headers = headers
    this.forward(entry.key, entry.value, oldValue, timestamp)
    record.headers = interrupted
  }

  private forward(key: K, newValue: A | undefined, oldValue: A | undefined, timestamp: number): void {
    this.downstream.process(key, { newValue: newValue ?? null, oldValue: oldValue ?? null }, timestamp)
  }
}

/**
 * Keeps an aggregate per key in a key-value store and hands on each change of it, with the greatest timestamp of the
 * records in it. Records without key or without value are dropped, as in Kafka Streams. With a cached store, changes
 * are handed on when the cache lets go of them.
 */
export const aggregate =
  <K, V, A>(aggregation: Aggregation<K, V, A>, store: string): ProcessorSupplier<K, V, K, Change<A>> =>
  () =>
    new AggregateProcessor(aggregation, store)
