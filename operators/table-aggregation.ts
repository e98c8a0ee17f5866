import type { DeepReadonly } from '../src/serdes/deep-readonly.js'
import {
  type Aggregator,
  aggregating,
  counting,
  type Initializer,
  type Reducer,
  reducing,
  settled,
} from './aggregation.js'
import type { TableAggregation } from './table-aggregate.js'

/** Counts rows. */
export const countingRows: TableAggregation<unknown, unknown, number> = {
  ...counting,
  subtract: (_key, _value, count) => count - 1,
}

/** Combines the values of rows; the first one is taken as it is. */
export const reducingRows = <K, V>(adder: Reducer<V>, subtractor: Reducer<V>): TableAggregation<K, V, V> => ({
  ...reducing<K, V>(adder),
  subtract: (_key, value, aggregate) => settled(subtractor(aggregate as DeepReadonly<V>, value)),
})

/** Folds rows into an aggregate of any type. */
export const aggregatingRows = <K, V, A>(
  initializer: Initializer<A>,
  adder: Aggregator<K, V, A>,
  subtractor: Aggregator<K, V, A>,
): TableAggregation<K, V, A> => ({
  ...aggregating(initializer, adder),
  subtract: (key, value, aggregate) => settled(subtractor(key, value, aggregate as DeepReadonly<A>)),
})
