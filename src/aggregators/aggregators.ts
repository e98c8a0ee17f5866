import type { Serde } from '../serdes/serde.js'
import type { StreamAggregator, TableAggregator } from './aggregator.js'
import { requireInteger, requireWithin } from './aggregator-options.js'
import { BinScale } from './bin-scale.js'
import { CountingDistinct } from './counting-distinct.js'
import type { Countable } from './coupons.js'
import type { DistinctCount } from './distinct-count.js'
import { MAX_PRECISION, MIN_PRECISION } from './hyper-log-log.js'
import { LatestBy } from './latest-by.js'
import type { Ordering } from './ordering.js'
import type { QuantileSketch } from './quantile-sketch.js'
import { SketchingQuantiles } from './sketching-quantiles.js'
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

/** Options of {@link Aggregators.distinctCount}. */
export interface DistinctCountOptions {
  /**
   * log2 of how many registers a count has, from 4 to 18; 14 if absent. One more makes it take twice the room, 0.75 bytes a
   * register, and have 0.7 of the error, which is `1.04 / sqrt(2^precision)`.
   */
  readonly precision?: number | undefined
}

/** Options of {@link Aggregators.quantiles}. */
export interface QuantilesOptions {
  /** By which share of the true number a quantile may be off, from 0.0001 to 0.5; 0.01 if absent. */
  readonly relativeAccuracy?: number | undefined
  /**
   * How many bins with numbers in them a sketch has at most, from 16 to 65536; 2048 if absent. Where numbers are in more,
   * the lowest are put together, and quantiles there are too high. With 0.01 there are 115 bins from 1 to 10.
   */
  readonly maxBins?: number | undefined
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

  /**
   * About how many different items there were. What cannot be told apart by a `Set` is one item; null and undefined are
   * none. Counts take the same room however much they have seen, and merge ({@link DistinctCount.merge}).
   *
   * @param by the item of a value.
   * @throws {InvalidAggregatorError} if `precision` is no integer from 4 to 18, or, as records come, an item is an object.
   * @example
   * ```ts
   * const destinations = flights
   *   .groupBy(() => 'all', { key: string() })
   *   .aggregate(Aggregators.distinctCount((flight) => flight.to), { store: 'destinations' })
   *   .mapValues(({ count }) => count)
   * assert.equal(results(destinations).at(-1), 'all: 3')
   * ```
   */
  distinctCount<V>(
    by: (value: V) => Countable | null | undefined,
    { precision = 14 }: DistinctCountOptions = {},
  ): StreamAggregator<V, DistinctCount> {
    requireInteger('Aggregators.distinctCount: precision', precision, MIN_PRECISION, MAX_PRECISION)
    return new CountingDistinct(by, precision)
  },

  /**
   * How numbers are spread: median, percentiles, any quantile, off by a share of itself at most. Null and undefined are no
   * numbers. Sketches merge ({@link QuantileSketch.merge}), and that is the same as to have seen all.
   *
   * @param by the number of a value.
   * @throws {InvalidAggregatorError} if `relativeAccuracy` or `maxBins` are not in their range, or, as records come, a number
   * is not finite.
   * @example
   * ```ts
   * const median = flights
   *   .groupBy(() => 'all', { key: string() })
   *   .aggregate(Aggregators.quantiles((flight) => flight.delay, { relativeAccuracy: 0.01 }), { store: 'delays' })
   *   .mapValues((delays) => Math.round(delays.quantile(0.5)))
   * assert.equal(results(median).at(-1), 'all: 5')
   * ```
   */
  quantiles<V>(
    by: (value: V) => number | null | undefined,
    { relativeAccuracy = 0.01, maxBins = 2048 }: QuantilesOptions = {},
  ): StreamAggregator<V, QuantileSketch> {
    requireWithin('Aggregators.quantiles: relativeAccuracy', relativeAccuracy, 0.0001, 0.5)
    requireInteger('Aggregators.quantiles: maxBins', maxBins, 16, 65_536)
    return new SketchingQuantiles(by, new BinScale(relativeAccuracy, maxBins))
  },
}
