import { EXPIRED, LATEST, type VersionedStore } from '../src/state/store.js'
import type { Aggregation } from './aggregation.js'
import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class VersionedAggregateProcessor<K, V, A> implements Processor<K, V, K, Change<A>> {
  private context!: ProcessorContext<K, Change<A>>
  private downstream!: Downstream<K, Change<A>>
  private store!: VersionedStore<K, A>

  constructor(
    private readonly aggregation: Aggregation<K, V, A>,
    private readonly storeName: string,
  ) {}

  init(context: ProcessorContext<K, Change<A>>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.storeName)
  }

  process(key: K, value: V, timestamp: number): void {
    const { context, store } = this
    if (key === null || key === undefined) context.dropped('null-key')
    else if (value === null || value === undefined) context.dropped('null-value')
    else {
      const before = store.latest(key)
      const latest = Math.max(before?.timestamp ?? -1, timestamp)
      const change = this.changed(key, value, before?.value)
      const validTo = store.put(key, change.newValue, latest)
      if (validTo === EXPIRED) context.dropped('expired')
      else if (validTo === LATEST) this.downstream.process(key, change, latest)
      else this.downstream.process(key, { ...change, outOfOrder: true }, latest)
    }
  }

  private changed(key: K, value: V, before: A | undefined): Change<A> {
    const { aggregation } = this
    try {
      const oldValue = before ?? aggregation.initial?.()
      const newValue = aggregation.add(key, value, oldValue) ?? null
      return before === undefined && oldValue !== undefined
        ? { newValue, oldValue, fresh: true }
        : { newValue, oldValue: oldValue ?? null }
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Keeps an aggregate per key over time, as `aggregate` keeps the present one: each is valid from the greatest timestamp
 * of the records in it. A record so late that its aggregate would be behind the history retention is dropped.
 */
export const versionedAggregate =
  <K, V, A>(aggregation: Aggregation<K, V, A>, store: string): ProcessorSupplier<K, V, K, Change<A>> =>
  () =>
    new VersionedAggregateProcessor(aggregation, store)
