import type { DeepReadonly } from '../src/serdes/deep-readonly.js'
import { synchronous } from './user-function.js'

/** The aggregate of a key that has none yet. */
export type Initializer<A> = () => A

/** What an aggregating function returns: a new aggregate, the one it was given, or null or undefined: none. */
export type AggregateResult<A> = A | DeepReadonly<A> | null | undefined

/** The aggregate after a record. The one before must not be changed. */
export type Aggregator<K, V, A> = (key: K, value: V, aggregate: DeepReadonly<A>) => AggregateResult<A>

/** Two values combined into one. Neither must be changed. */
export type Reducer<V> = (aggregate: DeepReadonly<V>, value: V) => AggregateResult<V>

/** How a record changes the aggregate of its key. */
export interface Aggregation<K, V, A> {
  /** The aggregate with the record in it; undefined for no aggregate. */
  add(key: K, value: V, aggregate: A | undefined): A | undefined
  /** The aggregate before the first record; absent where the first record makes it. */
  initial?(): A
}

/** Counts records. */
export const counting: Aggregation<unknown, unknown, number> = {
  initial: () => 0,
  add: (_key, _value, count) => (count === undefined ? 1 : count + 1),
}

/** Combines values; the first one is taken as it is. */
export const reducing = <K, V>(reducer: Reducer<V>): Aggregation<K, V, V> => ({
  add: (_key, value, aggregate) =>
    aggregate === undefined ? (value ?? undefined) : settled(reducer(aggregate as DeepReadonly<V>, value)),
})

/** Folds records into an aggregate of any type. */
export const aggregating = <K, V, A>(
  initializer: Initializer<A>,
  aggregator: Aggregator<K, V, A>,
): Aggregation<K, V, A> => ({
  initial: () => synchronous(initializer()),
  add: (key, value, aggregate) => {
    const before = aggregate === undefined ? synchronous(initializer()) : aggregate
    return settled(aggregator(key, value, before as DeepReadonly<A>))
  },
})

/** What an aggregating function returned: undefined for no aggregate. */
export const settled = <A>(result: AggregateResult<A>): A | undefined =>
  (synchronous(result) as A | null) ?? undefined
