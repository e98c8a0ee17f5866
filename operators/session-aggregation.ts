import type { DeepReadonly } from '../src/serdes/deep-readonly.js'
import {
  type AggregateResult,
  type Aggregation,
  type Aggregator,
  aggregating,
  counting,
  type Initializer,
  type Reducer,
  reducing,
  settled,
} from './aggregation.js'

/** Two aggregates of a key combined into one, that of the earlier session first. Neither must be changed. */
export type Merger<K, A> = (key: K, left: DeepReadonly<A>, right: DeepReadonly<A>) => AggregateResult<A>

/** How records and merging sessions change aggregates. */
export interface SessionAggregation<K, V, A> extends Aggregation<K, V, A> {
  /** The aggregate with that of another session in it; undefined for no aggregate. */
  merge(key: K, aggregate: A | undefined, session: A): A | undefined
}

/** Counts records. */
export const sessionCounting: SessionAggregation<unknown, unknown, number> = {
  ...counting,
  merge: (_key, count, session) => (count ?? 0) + session,
}

/** Combines values, of sessions too; the first one is taken as it is. */
export const sessionReducing = <K, V>(reducer: Reducer<V>): SessionAggregation<K, V, V> => ({
  ...reducing(reducer),
  merge: (_key, aggregate, session) =>
    aggregate === undefined ? session : settled(reducer(aggregate as DeepReadonly<V>, session)),
})

/** Folds records into an aggregate of any type, and sessions that become one. */
export const sessionAggregating = <K, V, A>(
  initializer: Initializer<A>,
  aggregator: Aggregator<K, V, A>,
  merger: Merger<K, A>,
): SessionAggregation<K, V, A> => ({
  ...aggregating(initializer, aggregator),
  merge: (key, aggregate, session) =>
    settled(merger(key, aggregate as DeepReadonly<A>, session as DeepReadonly<A>)),
})
