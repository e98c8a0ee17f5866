import type { Serde } from '../serdes/serde.js'
import type { StreamAggregator, TableAggregator } from './aggregator.js'
import { requireInteger } from './aggregator-options.js'
import { LatestBy } from './latest-by.js'
import type { Ordering } from './ordering.js'
import { TopN } from './top-n.js'

/** Options of {@link Aggregators.topN}. */
export type TopNOptions<V> = Ordering<V> & {
  /** How many values at most. */
  readonly n: number
  /** Serde of the values. */
  readonly value: Serde<V>
}

/** Options of {@link Aggregators.latestBy}. */
export type LatestByOptions<V> = Ordering<V> & {
  /** Serde of the values. */
  readonly value: Serde<V>
}

const MOST_OF_TOP = 1_000_000

/** Aggregators that come with Millrace, for `aggregate` of grouped streams, with and without windows. */
export const Aggregators = {
  /**
   * The `n` greatest values, the greatest first. Values of one rank are in the order of their bytes, so that the result does
   * not depend on the order in which they came. Of a grouped table, too: then all values of a group are kept, for what goes
   * makes room for another one.
   *
   * @throws {InvalidAggregatorError} if `n` is no integer of at least 1.
   * @example
   * ```ts
   * const worst = flights
   *   .mapValues((flight) => flight.delay)
   *   .groupBy(() => 'all', { key: string(), value: int32() })
   *   .aggregate(Aggregators.topN({ n: 2, by: (delay) => delay, value: int32() }), { store: 'worst' })
   * assert.equal(results(worst).at(-1), 'all: [45, 20]')
   * ```
   */
  topN<V>({
    n,
    value,
    ...ordering
  }: TopNOptions<V>): StreamAggregator<V, readonly V[]> & TableAggregator<V, readonly V[]> {
    requireInteger('Aggregators.topN: n', n, 1, MOST_OF_TOP)
    return new TopN(n, ordering as Ordering<V>, value)
  },

  /**
   * The greatest value: by its timestamp, say, the latest event, though it was not read last. Of several, the one that was
   * read last.
   *
   * @example
   * ```ts
   * const worst = flights
   *   .groupByKey()
   *   .aggregate(Aggregators.latestBy({ by: (flight) => flight.delay, value: json() }), { store: 'worst' })
   * assert.equal(results(worst)[2], "SFO: { to: 'LGA', delay: 45 }")
   * ```
   */
  latestBy<V>({ value, ...ordering }: LatestByOptions<V>): StreamAggregator<V, V> {
    return new LatestBy(ordering as Ordering<V>, value)
  },
}
