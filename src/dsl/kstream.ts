import type { Predicate } from '../../operators/filter.js'
import type { KeyValue } from '../../operators/map.js'
import type { FixedKeyProcessor, Processor } from '../../operators/processor-api.js'
import type { NotPromise } from '../../operators/user-function.js'
import type { TopicNameExtractor } from '../topology/sub-topology.js'
import type { BranchedKStream } from './branched-kstream.js'
import type { Synchronous, ValueGuard } from './functions.js'
import type { KGroupedStream } from './kgrouped-stream.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type {
  GroupByKeyOptions,
  GroupByOptions,
  OperatorOptions,
  PrintOptions,
  ProcessOptions,
  RepartitionOptions,
  SinkOptions,
  ToTableOptions,
} from './operator-options.js'

/**
 * A stream of records: each is an event of its own, unlike in a {@link KTable}, where it replaces the one before it
 * with the same key. Immutable: every operator gives a new stream, and one stream may feed several operators.
 *
 * `Known` says which serdes the stream knows, for example `'key' | 'value'` after `stream()` and `'key'` after
 * `mapValues()`. An operator that needs bytes and does not know how does not compile without the serde.
 */
export interface KStream<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * Keeps the records for which the predicate is true.
   *
   * @example
   * ```ts
   * flights.filter((_, flight) => flight.delay >= 15)
   * ```
   */
  filter<V2 extends V>(predicate: ValueGuard<K, V, V2>, options?: OperatorOptions): KStream<K, V2, Known>
  filter(predicate: Predicate<K, V>, options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Drops the records for which the predicate is true.
   *
   * @example
   * ```ts
   * flights.filterNot((_, flight) => flight.cancelled)
   * ```
   */
  filterNot(predicate: Predicate<K, V>, options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Gives each record a new key and value. The key-dependent operator that follows repartitions.
   *
   * @example
   * ```ts
   * flights.map((_, flight) => [flight.destination, flight.delay])
   * ```
   */
  map<KR, VR>(
    mapper: (key: K, value: V) => KeyValue<KR, VR>,
    options?: OperatorOptions,
  ): KStream<KR, VR, never>

  /**
   * Gives each record a new value; the key stays, and nothing is repartitioned.
   *
   * @example
   * ```ts
   * flights.mapValues((flight) => flight.delay)
   * ```
   */
  mapValues<VR>(
    mapper: (value: V, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KStream<K, VR, Exclude<Known, 'value'>>

  /**
   * Makes any number of records of each record. The key-dependent operator that follows repartitions.
   *
   * @example
   * ```ts
   * flights.flatMap((_, { origin, destination }) => [[origin, 'out'], [destination, 'in']])
   * ```
   */
  flatMap<KR, VR>(
    mapper: (key: K, value: V) => Iterable<KeyValue<KR, VR>>,
    options?: OperatorOptions,
  ): KStream<KR, VR, never>

  /**
   * Makes any number of values of each value; the key stays, and nothing is repartitioned.
   *
   * @example
   * ```ts
   * lines.flatMapValues((line) => line.split(' '))
   * ```
   */
  flatMapValues<VR>(
    mapper: (value: V, key: K) => Iterable<Synchronous<VR>>,
    options?: OperatorOptions,
  ): KStream<K, VR, Exclude<Known, 'value'>>

  /**
   * Gives each record a new key. The key-dependent operator that follows repartitions.
   *
   * @example
   * ```ts
   * flights.selectKey((_, flight) => flight.destination)
   * ```
   */
  selectKey<KR>(
    selector: (key: K, value: V) => Synchronous<KR>,
    options?: OperatorOptions,
  ): KStream<KR, V, Exclude<Known, 'key'>>

  /**
   * Calls a function for each record and passes the record on. What the function does outside is not exactly once: a
   * record that is processed again after a failure is seen again.
   *
   * @example
   * ```ts
   * flights.peek((origin, flight) => console.log(origin, flight.delay))
   * ```
   */
  peek(action: (key: K, value: V) => NotPromise, options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Calls a function for each record, and ends there. See {@link KStream.peek}.
   *
   * @example
   * ```ts
   * flights.foreach((origin, flight) => console.log(origin, flight.delay))
   * ```
   */
  foreach(action: (key: K, value: V) => NotPromise, options?: OperatorOptions): void

  /**
   * Both streams in one. Each keeps its own order; there is none between the two. A serde is known afterwards if
   * both streams know it and it is the same.
   *
   * @example
   * ```ts
   * domestic.merge(international)
   * ```
   */
  merge<Known2 extends KnownSerde>(
    other: KStream<K, V, Known2>,
    options?: OperatorOptions,
  ): KStream<K, V, Known & Known2>

  /**
   * Sends each record down the first branch whose predicate it meets.
   *
   * @example
   * ```ts
   * const { late, onTime } = flights
   *   .split()
   *   .branch((_, flight) => flight.delay >= 15, { name: 'late' })
   *   .defaultBranch({ name: 'onTime' })
   * ```
   */
  split(options?: OperatorOptions): BranchedKStream<K, V, Known>

  /**
   * Sends the records through an internal topic, `<applicationId>-<name>-repartition`, so that records of one key
   * meet in one task. Records without a key are dropped. Grouping does this by itself where a key has changed; ask
   * for it to choose partitions, or to share the work of what follows.
   *
   * @example
   * ```ts
   * flights.selectKey((_, flight) => flight.carrier).repartition({ name: 'by-carrier', key: string(), partitions: 8 })
   * ```
   */
  repartition(...options: Options<RepartitionOptions<K, V, Known>>): KStream<K, V>

  /**
   * Hands each record to a processor of the user's, one for each task, which may forward any records, keep stores and
   * have schedules. The key-dependent operator that follows repartitions.
   *
   * @param supplier makes a new processor at each call.
   * @example
   * ```ts
   * const totals = Stores.keyValue('totals', { key: string(), value: int64() })
   * flights.process(() => new DelayTotals(totals), { stores: [totals] })
   * ```
   */
  process<KOut, VOut>(
    supplier: () => Processor<K, V, KOut, VOut>,
    options?: ProcessOptions,
  ): KStream<KOut, VOut, never>

  /**
   * As {@link KStream.process}, but the key stays, so that nothing has to be repartitioned.
   *
   * @example
   * ```ts
   * flights.processValues(() => new Deduplicate(seen), { stores: [seen] })
   * ```
   */
  processValues<VOut>(
    supplier: () => FixedKeyProcessor<K, V, VOut>,
    options?: ProcessOptions,
  ): KStream<K, VOut, Exclude<Known, 'value'>>

  /**
   * Writes each record as a line, `[label]: key, value`, and ends there. For looking at a topology.
   *
   * @example
   * ```ts
   * flights.print({ label: 'flights' }) // [flights]: SFO, {"delay":12}
   * ```
   */
  print(options?: PrintOptions): void

  /**
   * The stream as a table: each record is the new value of its key, a null value deletes it. Records without key are
   * dropped; if an operator changed the key, records are repartitioned first. With the name of a `store` the rows are
   * kept in it; else only where an operator needs them.
   *
   * @example
   * ```ts
   * flights.selectKey((_, flight) => flight.tail).toTable({ store: 'last-flight', key: string() })
   * ```
   */
  toTable(...options: Options<ToTableOptions<K, V, Known>>): KTable<NonNullable<K>, V>

  /**
   * Groups by a new key. Records whose new key is null are dropped.
   *
   * @example
   * ```ts
   * flights.groupBy((_, flight) => flight.destination, { key: string() }).count()
   * ```
   */
  groupBy<KR>(
    selector: (key: K, value: V) => Synchronous<KR>,
    options: GroupByOptions<KR, V, Known>,
  ): KGroupedStream<NonNullable<KR>, V>

  /**
   * Groups by the key that the records have. If an operator changed it they are repartitioned first, and records
   * without a key are dropped.
   *
   * @example
   * ```ts
   * flights.groupByKey().count()
   * ```
   */
  groupByKey(
    options: GroupByKeyOptions<K, V, Known> & ValueSerdeFor<V, never>,
  ): KGroupedStream<NonNullable<K>, V>
  groupByKey(
    ...options: Options<GroupByKeyOptions<K, V, Known>>
  ): KGroupedStream<NonNullable<K>, V, 'key' extends Known ? Known : KnownSerde>

  /**
   * Writes the records to a topic, or to the topic that a function chooses for each. The topics must exist.
   *
   * @example
   * ```ts
   * flights.mapValues((flight) => flight.delay).to('delays', { value: int32() })
   * flights.to((origin) => `flights-${origin}`)
   * ```
   */
  to(topic: string | TopicNameExtractor<K, V>, ...options: Options<SinkOptions<K, V, Known>>): void
}
