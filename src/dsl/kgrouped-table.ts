import type { TableAggregator } from '../aggregators/aggregator.js'
import type { DeepReadonly } from '../serdes/deep-readonly.js'
import type { Serde } from '../serdes/serde.js'
import type { Aggregated, AggregateResult } from './functions.js'
import type { KTable } from './ktable.js'
import type { RowStoreOptions } from './operator-options.js'

/**
 * The rows of a table by group. Aggregating it gives a table with one row a group, which follows the rows as they
 * change: the old row is taken off, then the new one is added. An aggregate that has come to nothing stays until a
 * function returns null for it.
 *
 * The rows go through a repartition topic. The result's timestamp is the greatest of the rows in it.
 */
export interface KGroupedTable<K, V> {
  /**
   * How many rows each group has. A count is a 64-bit integer in the store.
   *
   * @example
   * ```ts
   * const airportsPerCity = airports
   *   .groupBy((code, { city }) => [city, code], { key: string(), value: string() })
   *   .count({ store: 'airports-per-city' })
   * assert.deepEqual(results(airportsPerCity), ['New York: 1', 'New York: 2', 'San Francisco: 1'])
   * ```
   */
  count(options?: RowStoreOptions<K> & { readonly value?: Serde<number> | undefined }): KTable<K, number>

  /**
   * Combines the values of each group. The first value is taken as it is.
   *
   * @param adder gets the value so far, which it must not change, and that of a row that comes; null deletes.
   * @param subtractor gets the value so far and that of a row that goes; null deletes.
   * @example
   * ```ts
   * const runwaysPerCity = airports
   *   .groupBy((_, { city, runways }) => [city, runways], { key: string(), value: int32() })
   *   .reduce(
   *     (sum, runways) => sum + runways,
   *     (sum, runways) => sum - runways,
   *     { store: 'runways-per-city' },
   *   )
   * assert.deepEqual(results(runwaysPerCity), ['New York: 4', 'New York: 6', 'San Francisco: 4'])
   * ```
   */
  reduce<R extends AggregateResult<V>, S extends AggregateResult<V>>(
    adder: (aggregate: DeepReadonly<V>, value: V) => R,
    subtractor: (aggregate: DeepReadonly<V>, value: V) => S,
    options?: RowStoreOptions<K> & { readonly value?: Serde<V> | undefined },
  ): KTable<K, Aggregated<V, R | S>>

  /**
   * Aggregates the values of each group, into any type.
   *
   * An aggregator of {@link Aggregators} that can take rows off brings the functions and the serde with it.
   *
   * @param initializer gives the aggregate of a group before its first row.
   * @param adder gets the aggregate so far, which it must not change, and a row that comes; null deletes.
   * @param subtractor gets the aggregate so far and a row that goes; null deletes.
   * @example
   * ```ts
   * const perCity = airports
   *   .groupBy((_, { city, runways }) => [city, runways], { key: string(), value: int32() })
   *   .aggregate(
   *     () => ({ airports: 0, runways: 0 }),
   *     (_, runways, sum) => ({ airports: sum.airports + 1, runways: sum.runways + runways }),
   *     (_, runways, sum) =>
   *       sum.airports === 1 ? null : { airports: sum.airports - 1, runways: sum.runways - runways },
   *     { store: 'per-city', value: json() },
   *   )
   * assert.equal(results(perCity)[1], 'New York: { airports: 2, runways: 6 }')
   * ```
   */
  aggregate<A, R extends AggregateResult<A>, S extends AggregateResult<A>>(
    initializer: () => A,
    adder: (key: K, value: V, aggregate: DeepReadonly<A>) => R,
    subtractor: (key: K, value: V, aggregate: DeepReadonly<A>) => S,
    options: RowStoreOptions<K> & { readonly value: Serde<A> },
  ): KTable<K, Aggregated<A, R | S>>
  aggregate<A>(aggregator: TableAggregator<NonNullable<V>, A>, options?: RowStoreOptions<K>): KTable<K, A>
}
