import type { Predicate } from '../../operators/filter.js'
import type { KeyValue } from '../../operators/map.js'
import type { FixedKeyProcessor, Processor } from '../../operators/processor-api.js'
import type { NotPromise } from '../../operators/user-function.js'
import type { TopicNameExtractor } from '../topology/sub-topology.js'
import type { JoinWindows } from '../windows/join-windows.js'
import type { AsyncStreams } from './async-streams.js'
import type { BranchedKStream } from './branched-kstream.js'
import type { Synchronous, ValueGuard } from './functions.js'
import type { GlobalKTable } from './global-ktable.js'
import type { KGroupedStream } from './kgrouped-stream.js'
import type { KnownSerde, Options, ValueSerdeFor } from './known-serdes.js'
import type { KStreamAnalytics } from './kstream-analytics.js'
import type { KTable } from './ktable.js'
import type {
  GroupByKeyOptions,
  GroupByOptions,
  JoinOptions,
  OperatorOptions,
  PrintOptions,
  RepartitionOptions,
  SinkOptions,
  StreamJoinOptions,
  StreamProcessOptions,
  ToTableOptions,
} from './operator-options.js'

/**
 * A stream of records: each is an event of its own, unlike in a {@link KTable}, where it replaces the one before it
 * with the same key. Immutable: every operator gives a new stream, and one stream may feed several operators.
 *
 * `Known` says which serdes the stream knows, for example `'key' | 'value'` after `stream()` and `'key'` after
 * `mapValues()`. An operator that needs bytes and does not know how does not compile without the serde.
 */
export interface KStream<K, V, Known extends KnownSerde = KnownSerde>
  extends AsyncStreams<K, V, Known>,
    KStreamAnalytics<K, V, Known> {
  /**
   * Keeps the records for which the predicate is true.
   *
   * @example
   * ```ts
   * assert.deepEqual(results(flights.filter((_, flight) => flight.delay >= 30)), [
   *   "SFO: { to: 'LGA', delay: 45 }",
   * ])
   * ```
   */
  filter<V2 extends V>(predicate: ValueGuard<K, V, V2>, options?: OperatorOptions): KStream<K, V2, Known>
  filter(predicate: Predicate<K, V>, options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Drops the records for which the predicate is true.
   *
   * @example
   * ```ts
   * assert.deepEqual(results(flights.filterNot((_, flight) => flight.delay < 30)), [
   *   "SFO: { to: 'LGA', delay: 45 }",
   * ])
   * ```
   */
  filterNot(predicate: Predicate<K, V>, options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Gives each record a new key and value. The key-dependent operator that follows repartitions.
   *
   * @example
   * ```ts
   * const perDestination = flights.map((_, flight) => [flight.to, flight.delay])
   * assert.deepEqual(results(perDestination), ['JFK: 20', 'JFK: 0', 'LGA: 45', 'SFO: 5'])
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
   * const delays = flights.mapValues((flight) => flight.delay)
   * assert.deepEqual(results(delays), ['SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5'])
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
   * const moves = clicks.flatMap((user, page) => [
   *   [user, page],
   *   [page, user],
   * ])
   * assert.deepEqual(results(moves).slice(0, 4), ['ann: home', 'home: ann', 'ann: cart', 'cart: ann'])
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
   * const letters = clicks.flatMapValues((page) => page.slice(0, 2).split(''))
   * assert.deepEqual(results(letters).slice(0, 4), ['ann: h', 'ann: o', 'ann: c', 'ann: a'])
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
   * const byPage = clicks.selectKey((_, page) => page)
   * assert.deepEqual(results(byPage), ['home: home', 'cart: cart', 'home: home', 'home: home'])
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
   * const seen: string[] = []
   * const late = flights.peek((from, flight) => seen.push(`${from}-${flight.to}`)).filter(() => false)
   * assert.deepEqual(results(late), [])
   * assert.deepEqual(seen, ['SFO-JFK', 'LGA-JFK', 'SFO-LGA', 'LGA-SFO'])
   * ```
   */
  peek(action: (key: K, value: V) => NotPromise, options?: OperatorOptions): KStream<K, V, Known>

  /**
   * Calls a function for each record, and ends there. See {@link KStream.peek}.
   *
   * @example
   * ```ts
   * const pages = new Set<string>()
   * clicks.foreach((_, page) => pages.add(page))
   * results(clicks)
   * assert.deepEqual([...pages], ['home', 'cart'])
   * ```
   */
  foreach(action: (key: K, value: V) => NotPromise, options?: OperatorOptions): void

  /**
   * Both streams in one. Each keeps its own order; there is none between the two. A serde is known afterwards if
   * both streams know it and it is the same.
   *
   * @example
   * ```ts
   * const german = builder.stream('arrivals-de', { key: string(), value: string() })
   * const french = builder.stream('arrivals-fr', { key: string(), value: string() })
   * assert.deepEqual(results(german.merge(french)), ['BER: LH1', 'CDG: AF1'])
   * ```
   */
  merge<Known2 extends KnownSerde>(
    other: KStream<K, V, Known2>,
    options?: OperatorOptions,
  ): KStream<K, V, Known & Known2>

  /**
   * Joins two streams: each record with those of the other one that have its key and are in its window (see
   * {@link JoinWindows}). A result has the greater of both timestamps. If an operator changed the key of a stream, its
   * records are repartitioned first. Both streams must have the same number of partitions. Records without key or value
   * are dropped.
   *
   * @param joiner must not change what it is given: records are kept for others.
   * @example
   * ```ts
   * const paid = orders.join(payments, (ordered, paid) => ({ ordered, paid }), JoinWindows.of('10m'))
   * assert.deepEqual(results(paid), ['ann: { ordered: 30, paid: 10 }'])
   * ```
   */
  join<V2, VR, Known2 extends KnownSerde>(
    other: KStream<K, V2, Known2>,
    joiner: (left: NonNullable<V>, right: NonNullable<V2>, key: NonNullable<K>) => Synchronous<VR>,
    windows: JoinWindows,
    ...options: Options<StreamJoinOptions<K, V, V2, Known, Known2>>
  ): KStream<NonNullable<K>, VR, 'key'>

  /**
   * Joins each record with the row that a table has for its key at the time; a record that meets none is dropped, and
   * so is one without key or value. The result has the key and the timestamp of the record. Changes of the table alone
   * give nothing.
   *
   * Both must have the same number of partitions. If an operator changed the key of the stream, its records are
   * repartitioned first.
   *
   * With a global table a function says which row a record meets, and neither matters; where it says null, none.
   *
   * @example
   * ```ts
   * const toCities = flights
   *   .selectKey((_, flight) => flight.to)
   *   .join(airports, (flight, airport) => `${airport.city} ${flight.delay}`, { key: string(), value: json() })
   * assert.deepEqual(results(toCities), [
   *   'JFK: New York 20', 'JFK: New York 0', 'LGA: New York 45', 'SFO: San Francisco 5',
   * ])
   *
   * const pages = builder.globalTable('pages', { key: string(), value: string() })
   * const titles = clicks.join(pages, (_, page) => page, (_, title) => title)
   * assert.deepEqual(results(titles), ['ann: Home', 'ann: Your cart', 'bob: Home', 'ann: Home'])
   * ```
   */
  join<VT, VR, Known2 extends KnownSerde>(
    table: KTable<NonNullable<K>, VT, Known2>,
    joiner: (value: NonNullable<V>, row: NonNullable<VT>, key: NonNullable<K>) => Synchronous<VR>,
    ...options: Options<JoinOptions<K, V, Known>>
  ): KStream<NonNullable<K>, VR, 'key'>
  join<KG, VG, VR>(
    table: GlobalKTable<KG, VG>,
    keySelector: (key: K, value: NonNullable<V>) => Synchronous<KG | null | undefined>,
    joiner: (value: NonNullable<V>, row: NonNullable<VG>, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KStream<K, VR, Exclude<Known, 'value'>>

  /**
   * As {@link KStream.join}, and a record of this stream that meets none is joined with null: once event time is past
   * its window and grace, so that none can come any more. It is looked for when a record comes, at most every second
   * (`emitInterval`). A record without key meets none.
   *
   * @example
   * ```ts
   * const bought = clicks.leftJoin(
   *   orders,
   *   (page, amount) => `${page}, ${amount ?? 'no order'}`,
   *   JoinWindows.of('4m').grace('1m'),
   * )
   * assert.deepEqual(results(bought), ['ann: home, 30', 'ann: cart, 30', 'bob: home, no order'])
   * ```
   */
  leftJoin<V2, VR, Known2 extends KnownSerde>(
    other: KStream<K, V2, Known2>,
    joiner: (left: NonNullable<V>, right: NonNullable<V2> | null, key: K) => Synchronous<VR>,
    windows: JoinWindows,
    ...options: Options<StreamJoinOptions<K, V, V2, Known, Known2>>
  ): KStream<K, VR, 'key'>

  /**
   * As {@link KStream.join}, but a record that meets no row is kept, one without key, too: the row is null then.
   *
   * @example
   * ```ts
   * const cities = clicks.leftJoin(airports, (page, airport) => `${page} ${airport?.city}`)
   * assert.deepEqual(results(cities), [
   *   'ann: home undefined', 'ann: cart undefined', 'bob: home undefined', 'ann: home undefined',
   * ])
   * ```
   */
  leftJoin<VT, VR, Known2 extends KnownSerde>(
    table: KTable<NonNullable<K>, VT, Known2>,
    joiner: (value: NonNullable<V>, row: NonNullable<VT> | null, key: K) => Synchronous<VR>,
    ...options: Options<JoinOptions<K, V, Known>>
  ): KStream<K, VR, 'key'>
  leftJoin<KG, VG, VR>(
    table: GlobalKTable<KG, VG>,
    keySelector: (key: K, value: NonNullable<V>) => Synchronous<KG | null | undefined>,
    joiner: (value: NonNullable<V>, row: NonNullable<VG> | null, key: K) => Synchronous<VR>,
    options?: OperatorOptions,
  ): KStream<K, VR, Exclude<Known, 'value'>>

  /**
   * As {@link KStream.leftJoin}, and a record of the other stream that meets none is joined with null, too.
   *
   * @example
   * ```ts
   * const all = clicks.outerJoin(
   *   orders,
   *   (page, amount) => `${page ?? 'no page'}, ${amount ?? 'no order'}`,
   *   JoinWindows.of('30s'),
   * )
   * assert.deepEqual(results(all).slice(0, 3), [
   *   'ann: home, no order',
   *   'ann: no page, 30',
   *   'ann: cart, no order',
   * ])
   * ```
   */
  outerJoin<V2, VR, Known2 extends KnownSerde>(
    other: KStream<K, V2, Known2>,
    joiner: (left: NonNullable<V> | null, right: NonNullable<V2> | null, key: K) => Synchronous<VR>,
    windows: JoinWindows,
    ...options: Options<StreamJoinOptions<K, V, V2, Known, Known2>>
  ): KStream<K, VR, 'key'>

  /**
   * Sends each record down the first branch whose predicate it meets.
   *
   * @example
   * ```ts
   * const { late, onTime } = flights
   *   .split()
   *   .branch((_, flight) => flight.delay >= 15, { name: 'late' })
   *   .defaultBranch({ name: 'onTime' })
   * assert.deepEqual(results(late.mapValues((flight) => flight.delay)), ['SFO: 20', 'SFO: 45'])
   * assert.deepEqual(results(onTime.mapValues((flight) => flight.delay)), ['LGA: 0', 'LGA: 5'])
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
   * const byPage = clicks
   *   .selectKey((_, page) => page)
   *   .repartition({ name: 'by-page', key: string(), partitions: 8 })
   * assert.deepEqual(results(byPage), ['home: home', 'cart: cart', 'home: home', 'home: home'])
   * ```
   */
  repartition(...options: Options<RepartitionOptions<K, V, Known>>): KStream<K, V>

  /**
   * Hands each record to a processor of the user's, one for each task, which may forward any records, keep stores and
   * have schedules and timers. The key-dependent operator that follows repartitions.
   *
   * @param supplier makes a new processor at each call.
   * @example
   * ```ts
   * // Forwards what comes under the value that came before it.
   * class WithFormer implements Processor<string, string, string, string> {
   *   private context!: ProcessorContext<string, string>
   *   private former!: KeyValueStore<string, string>
   *
   *   init(context: ProcessorContext<string, string>) {
   *     this.context = context
   *     this.former = context.store(former)
   *   }
   *
   *   process(record: ProcessorRecord<string, string>) {
   *     this.context.forward({ ...record, key: this.former.get(record.key) ?? 'none' })
   *     this.former.put(record.key, record.value)
   *   }
   * }
   *
   * const former = Stores.keyValue('former', { key: string(), value: string() })
   * const steps = clicks.process(() => new WithFormer(), { stores: [former] })
   * assert.deepEqual(results(steps), ['none: home', 'home: cart', 'none: home', 'cart: home'])
   * ```
   */
  process<KOut, VOut>(
    supplier: () => Processor<K, V, KOut, VOut>,
    options?: StreamProcessOptions<K>,
  ): KStream<KOut, VOut, never>

  /**
   * As {@link KStream.process}, but the key stays, so that nothing has to be repartitioned.
   *
   * @example
   * ```ts
   * const times = clicks.processValues(() => {
   *   let context: FixedKeyProcessorContext<number>
   *   return {
   *     init(given: FixedKeyProcessorContext<number>) {
   *       context = given
   *     },
   *     process(record) {
   *       context.forward({ ...record, value: record.timestamp / 60_000 })
   *     },
   *   }
   * })
   * assert.deepEqual(results(times), ['ann: 0', 'ann: 5', 'bob: 20', 'ann: 60'])
   * ```
   */
  processValues<VOut>(
    supplier: () => FixedKeyProcessor<K, V, VOut>,
    options?: StreamProcessOptions<K>,
  ): KStream<K, VOut, Exclude<Known, 'value'>>

  /**
   * Writes each record as a line, `[label]: key, value`, and ends there. For looking at a topology.
   *
   * @example
   * ```ts
   * const lines: string[] = []
   * clicks.print({ label: 'clicks', write: (line) => lines.push(line) })
   * results(clicks)
   * assert.equal(lines[0], '[clicks]: ann, home')
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
   * const lastPage = clicks.toTable({ store: 'last-page' })
   * assert.deepEqual(results(lastPage), ['ann: home', 'ann: cart', 'bob: home', 'ann: home'])
   * ```
   */
  toTable(...options: Options<ToTableOptions<K, V, Known>>): KTable<NonNullable<K>, V>

  /**
   * Groups by a new key. Records whose new key is null are dropped.
   *
   * @example
   * ```ts
   * const arrivals = flights.groupBy((_, flight) => flight.to, { key: string(), name: 'by-destination' }).count()
   * assert.deepEqual(results(arrivals), ['JFK: 1', 'JFK: 2', 'LGA: 1', 'SFO: 1'])
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
   * assert.deepEqual(results(clicks.groupByKey().count()), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 3'])
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
   * clicks.to((_, page) => `clicks-${page}`)
   * const topology = builder.build()
   * assert.deepEqual(sent(topology, 'delays', { key: string(), value: int32() }), [
   *   'SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5',
   * ])
   * assert.deepEqual(sent(topology, 'clicks-cart', { key: string(), value: string() }), ['ann: cart'])
   * ```
   */
  to(topic: string | TopicNameExtractor<K, V>, ...options: Options<SinkOptions<K, V, Known>>): void
}
