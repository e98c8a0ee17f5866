import type { Predicate } from '../../operators/filter.js'
import type { KeyValue } from '../../operators/map.js'
import type { ValueTransformer } from '../../operators/processor-api.js'
import type { Serde } from '../serdes/serde.js'
import type { Windowed } from '../windows/window.js'
import type { Synchronous, ValueGuard } from './functions.js'
import type { KGroupedTable } from './kgrouped-table.js'
import type { KnownSerde, Options } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type {
  ForeignKeyJoinOptions,
  ForeignKeyPartitioning,
  GroupTableOptions,
  OperatorOptions,
  SuppressOptions,
  TableOptions,
  TransformValuesOptions,
  ValueTableOptions,
} from './operator-options.js'
import type { UntilTimeLimit, UntilWindowCloses } from './suppressed.js'

/**
 * A table: the latest value of each key, changing over time. A null value says that a key's row was deleted.
 *
 * `Known` says which serdes the table knows, as in {@link KStream}. An operator keeps its rows in a store where it is
 * given the name of one; else they are computed from those of the table before.
 */
export interface KTable<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * The table's changes as a stream. With a function, each change gets a new key (as `toStream().selectKey()`).
   *
   * @example
   * ```ts
   * const cities = airports.toStream().mapValues((airport) => airport?.city)
   * assert.deepEqual(results(cities), ['JFK: New York', 'LGA: New York', 'SFO: San Francisco'])
   * const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h')).count()
   * assert.deepEqual(results(perHour.toStream(({ key }) => key)), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 1'])
   * ```
   */
  toStream<KR>(
    selector: (key: K, value: V) => Synchronous<KR>,
    options?: OperatorOptions,
  ): KStream<KR, V, Exclude<Known, 'key'>>
  toStream(options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Keeps the rows for which the predicate is true; a row that is so no longer is deleted. Tombstones do not meet the
   * predicate.
   *
   * Where this table or the one before is kept in a store, only rows that were there are deleted; else every change
   * that does not pass becomes a tombstone, as in Kafka Streams.
   *
   * @example
   * ```ts
   * const large = airports.filter((_, airport) => airport.runways > 2, { store: 'large-airports' })
   * assert.deepEqual(results(large.mapValues((airport) => airport.city)), ['JFK: New York', 'SFO: San Francisco'])
   * ```
   */
  filter<V2 extends NonNullable<V>>(
    predicate: ValueGuard<K, NonNullable<V>, V2>,
    ...options: Options<TableOptions<K, V2, Known>>
  ): KTable<K, V2 | null, Known>
  filter(
    predicate: Predicate<K, NonNullable<V>>,
    ...options: Options<TableOptions<K, V, Known>>
  ): KTable<K, V | null, Known>

  /**
   * Keeps the rows for which the predicate is false. See {@link KTable.filter}.
   *
   * @example
   * ```ts
   * const small = airports.filterNot((_, airport) => airport.runways > 2)
   * assert.deepEqual(results(small.mapValues((airport) => airport.city)), ['LGA: New York'])
   * ```
   */
  filterNot(
    predicate: Predicate<K, NonNullable<V>>,
    ...options: Options<TableOptions<K, V, Known>>
  ): KTable<K, V | null, Known>

  /**
   * Gives each row a new value. The mapper does not see deletions; they stay deletions.
   *
   * With a `value` serde the table knows it; a `store` needs one.
   *
   * @example
   * ```ts
   * const cities = airports.mapValues((airport) => airport.city, { store: 'cities', value: string() })
   * assert.deepEqual(results(cities), ['JFK: New York', 'LGA: New York', 'SFO: San Francisco'])
   * ```
   */
  mapValues<VR>(
    mapper: (value: NonNullable<V>, key: K) => Synchronous<VR>,
    options: ValueTableOptions<K, VR, Known>,
  ): KTable<K, VR | Extract<V, null>, Known | 'value'>
  mapValues<VR>(
    mapper: (value: NonNullable<V>, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KTable<K, VR | Extract<V, null>, Exclude<Known, 'value'>>

  /**
   * Gives each row a new value by a transformer, which may use stores. It is called for deletions, too, with null; what
   * it returns for them is the row then.
   *
   * @param supplier makes a new transformer at each call.
   * @example
   * ```ts
   * const named = airports.transformValues(() => ({
   *   transform: (code, airport) => (airport === null ? null : `${airport.city} (${code})`),
   * }))
   * assert.deepEqual(results(named), ['JFK: New York (JFK)', 'LGA: New York (LGA)', 'SFO: San Francisco (SFO)'])
   * ```
   */
  transformValues<VR>(
    supplier: () => ValueTransformer<K, NonNullable<V>, VR>,
    options?: TransformValuesOptions<K, VR, Known> & { readonly value?: undefined },
  ): KTable<K, VR, Exclude<Known, 'value'>>
  transformValues<VR>(
    supplier: () => ValueTransformer<K, NonNullable<V>, VR>,
    options: TransformValuesOptions<K, VR, Known> & { readonly value: Serde<NonNullable<VR>> },
  ): KTable<K, VR, Known | 'value'>

  /**
   * Keeps changes back until their window is closed, or for a time, and hands on the last one of each row. What waits
   * is in a store named after the operator (`<name>-store`), and survives a restart.
   *
   * @example
   * ```ts
   * const final = clicks
   *   .groupByKey()
   *   .windowedBy(TumblingWindows.of('30m'))
   *   .count()
   *   .suppress(Suppressed.untilWindowCloses(), { name: 'final-clicks' })
   * assert.deepEqual(results(final), ['ann 0s-30m: 2', 'bob 0s-30m: 1'])
   * ```
   */
  suppress(
    suppressed: K extends Windowed<unknown> ? UntilTimeLimit | UntilWindowCloses : UntilTimeLimit,
    ...options: Options<SuppressOptions<K, V, Known>>
  ): KTable<K, V, Known>

  /**
   * By a foreign key: joins each row with the row of another table that it refers to. `foreignKey` gives the key there,
   * null where a row refers to none. The join has this table's keys, and a row where the other table has one. A change
   * of the other table changes the rows of all that refer to it.
   *
   * The tables may have different numbers of partitions: what the rows refer to is sent to where the other table's rows
   * are, and answers come back, through two internal topics. So results come a little later than their causes; an answer
   * to a value that was changed meanwhile is dropped (KIP-213).
   *
   * @example
   * ```ts
   * const lastFlights = flights.toTable()
   * const arrivals = lastFlights.join(airports, (flight) => flight.to, (flight, { city }) => `${city} +${flight.delay}`)
   * assert.deepEqual(results(arrivals), [
   *   'SFO: New York +20', 'LGA: New York +0', 'SFO: New York +45', 'LGA: San Francisco +5',
   * ])
   * ```
   */
  join<KO, VO, VR>(
    other: KTable<KO, VO>,
    foreignKey: (value: NonNullable<V>, key: K) => Synchronous<KO | null | undefined>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO>, key: K) => Synchronous<VR>,
    options: ForeignKeyJoinOptions<K, VR, Known, KO>,
  ): KTable<K, VR | null, Known | 'value'>
  join<KO, VO, VR>(
    other: KTable<KO, VO>,
    foreignKey: (value: NonNullable<V>, key: K) => Synchronous<KO | null | undefined>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO>, key: K) => Synchronous<VR>,
    options?: OperatorOptions & ForeignKeyPartitioning<KO>,
  ): KTable<K, VR | null, Exclude<Known, 'value'>>

  /**
   * By key: joins the rows of two tables that have the same key. The join has a row where both have one. A change of either
   * gives a change of it, with the greater timestamp of both rows. A joiner that returns null says that there is no row.
   *
   * Both must have the same number of partitions, and both are kept in stores for it. The rows of the join are kept
   * where it is given a `store`.
   *
   * @example
   * ```ts
   * const delays = flights.groupByKey().aggregate(() => 0, (_, flight, sum) => sum + flight.delay, { value: int32() })
   * const perCity = airports.join(delays, (airport, delay) => `${airport.city} ${delay}`)
   * assert.deepEqual(results(perCity), [
   *   'SFO: San Francisco 20', 'LGA: New York 0', 'SFO: San Francisco 65', 'LGA: New York 5',
   * ])
   * ```
   */
  join<VO, VR, Known2 extends KnownSerde>(
    other: KTable<K, VO, Known2>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO>, key: K) => Synchronous<VR>,
    options: ValueTableOptions<K, VR, Known>,
  ): KTable<K, VR | Extract<V | VO, null>, Known | 'value'>
  join<VO, VR, Known2 extends KnownSerde>(
    other: KTable<K, VO, Known2>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO>, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KTable<K, VR | Extract<V | VO, null>, Exclude<Known, 'value'>>

  /**
   * By a foreign key: as {@link KTable.join}, but the join has a row wherever this table has one; where that refers to
   * none, or to none that is there, the other value is null.
   *
   * @example
   * ```ts
   * const large = airports.filter((_, airport) => airport.runways > 2)
   * const arrivals = flights.toTable().leftJoin(
   *   large,
   *   (flight) => flight.to,
   *   (flight, airport) => `${flight.to} ${airport?.city}`,
   * )
   * assert.deepEqual(results(arrivals), [
   *   'SFO: JFK New York', 'LGA: JFK New York', 'SFO: LGA undefined', 'LGA: SFO San Francisco',
   * ])
   * ```
   */
  leftJoin<KO, VO, VR>(
    other: KTable<KO, VO>,
    foreignKey: (value: NonNullable<V>, key: K) => Synchronous<KO | null | undefined>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO> | null, key: K) => Synchronous<VR>,
    options: ForeignKeyJoinOptions<K, VR, Known, KO>,
  ): KTable<K, VR | Extract<V, null>, Known | 'value'>
  leftJoin<KO, VO, VR>(
    other: KTable<KO, VO>,
    foreignKey: (value: NonNullable<V>, key: K) => Synchronous<KO | null | undefined>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO> | null, key: K) => Synchronous<VR>,
    options?: OperatorOptions & ForeignKeyPartitioning<KO>,
  ): KTable<K, VR | Extract<V, null>, Exclude<Known, 'value'>>

  /**
   * By key: as {@link KTable.join}, but the join has a row wherever this table has one; where the other one has none, its value
   * is null.
   *
   * @example
   * ```ts
   * const counts = flights.groupByKey().count()
   * const perCity = airports.leftJoin(counts, (airport, count) => `${airport.city} ${count}`)
   * assert.deepEqual(results(perCity).slice(0, 4), [
   *   'JFK: New York null', 'LGA: New York null', 'SFO: San Francisco null', 'SFO: San Francisco 1',
   * ])
   * ```
   */
  leftJoin<VO, VR, Known2 extends KnownSerde>(
    other: KTable<K, VO, Known2>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO> | null, key: K) => Synchronous<VR>,
    options: ValueTableOptions<K, VR, Known>,
  ): KTable<K, VR | Extract<V, null>, Known | 'value'>
  leftJoin<VO, VR, Known2 extends KnownSerde>(
    other: KTable<K, VO, Known2>,
    joiner: (value: NonNullable<V>, other: NonNullable<VO> | null, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KTable<K, VR | Extract<V, null>, Exclude<Known, 'value'>>

  /**
   * As {@link KTable.join}, but the join has a row wherever one of the tables has one; the value of the other is null
   * where that has none.
   *
   * @example
   * ```ts
   * const german = builder.table('arrivals-de', { key: string(), value: string() })
   * const french = builder.table('arrivals-fr', { key: string(), value: string() })
   * const both = german.outerJoin(french, (de, fr) => `${de}/${fr}`)
   * assert.deepEqual(results(both), ['BER: LH1/null', 'CDG: null/AF1'])
   * ```
   */
  outerJoin<VO, VR, Known2 extends KnownSerde>(
    other: KTable<K, VO, Known2>,
    joiner: (value: NonNullable<V> | null, other: NonNullable<VO> | null, key: K) => Synchronous<VR>,
    options: ValueTableOptions<K, VR, Known>,
  ): KTable<K, VR | Extract<V | VO, null>, Known | 'value'>
  outerJoin<VO, VR, Known2 extends KnownSerde>(
    other: KTable<K, VO, Known2>,
    joiner: (value: NonNullable<V> | null, other: NonNullable<VO> | null, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KTable<K, VR | Extract<V | VO, null>, Exclude<Known, 'value'>>

  /**
   * Groups the rows by a new key, with the value that counts there. A change of a row takes its old value from the
   * old group and adds the new one to the new group. A row whose group or value is null is in no group.
   *
   * The table before is kept in a store for it, for old values have to be known.
   *
   * @example
   * ```ts
   * const perCity = airports
   *   .groupBy((_, airport) => [airport.city, airport.runways], { key: string(), value: int32() })
   *   .reduce(
   *     (sum, runways) => sum + runways,
   *     (sum, runways) => sum - runways,
   *   )
   * assert.deepEqual(results(perCity), ['New York: 4', 'New York: 6', 'San Francisco: 4'])
   * ```
   */
  groupBy<KR, VR>(
    selector: (key: K, value: NonNullable<V>) => KeyValue<KR, VR>,
    options: GroupTableOptions<KR, VR>,
  ): KGroupedTable<NonNullable<KR>, NonNullable<VR>>
}
