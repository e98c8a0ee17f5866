import { process } from '../../operators/process.js'
import type { Processor } from '../../operators/processor-api.js'
import { tableSource } from '../../operators/table-source.js'
import type { Store } from '../state/stores.js'
import { compile } from '../topology/compile.js'
import { requireExplicitNames } from '../topology/explicit-names.js'
import type { Erased, LogicalOperator } from '../topology/logical-graph.js'
import { type BuildOptions, optimizationsOf } from '../topology/optimization.js'
import type { Topology } from '../topology/topology.js'
import type { GlobalKTable } from './global-ktable.js'
import { GlobalTableOf } from './global-table-of.js'
import { GraphBuilder } from './graph-builder.js'
import type { KStream } from './kstream.js'
import type { KTable } from './ktable.js'
import type {
  GlobalTableOptions,
  OperatorOptions,
  SourceOptions,
  TableSourceOptions,
} from './operator-options.js'
import { resolvedReset } from './resolved-reset.js'
import { rowStore } from './row-store.js'
import { storeKeeping } from './store-keeping.js'
import { StreamOf } from './stream-of.js'
import type { StreamState } from './stream-state.js'
import { TableOf } from './table-of.js'
import { tableSourceNode } from './table-source-node.js'
import { SourceSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'
import { watermarkStrategy } from './watermark-option.js'

/** Options of {@link StreamsBuilder}. */
export interface StreamsBuilderOptions {
  /**
   * Whether `build()` refuses repartition topics and stores that have no name of the user's: generated names change
   * with the operators before them, and what is kept under them is lost then (KIP-1111). Default: false.
   */
  readonly ensureExplicitNames?: boolean
}

/**
 * Builds a topology: what is read, what happens to it, where it goes. Nothing runs yet; `KafkaStreams` and
 * `TopologyTestDriver` run what `build()` returns.
 *
 * @example
 * ```ts
 * const builder = new StreamsBuilder()
 * builder
 *   .stream('flights', { key: string(), value: json<Flight>() })
 *   .groupBy((_, flight) => flight.to, { key: string() })
 *   .count({ store: 'arrivals' })
 *   .toStream()
 *   .to('arrivals-per-airport')
 * const topology = builder.build()
 * assert.deepEqual(sent(topology, 'arrivals-per-airport', { key: string(), value: int64() }), [
 *   'JFK: 1', 'JFK: 2', 'LGA: 1', 'SFO: 1',
 * ])
 * ```
 */
export class StreamsBuilder {
  private readonly ensureExplicitNames: boolean

  /** @param options.ensureExplicitNames see {@link StreamsBuilderOptions.ensureExplicitNames} */
  constructor(options: StreamsBuilderOptions = {}) {
    this.ensureExplicitNames = options.ensureExplicitNames ?? false
  }

  private readonly graph = new GraphBuilder((state) => new StreamOf(state))

  /**
   * The records of one topic or several. The topics must exist; several are read as one stream. A pattern is for the
   * topics whose whole name it matches when the application starts.
   *
   * The types say what is in the topic, so a null (a record without key, a tombstone) comes as a surprise to a
   * function that does not expect it. Where there can be one, say so: `stream<string | null, Flight | null>(...)`.
   *
   * @example
   * ```ts
   * const arrivals = builder.stream(/arrivals-.+/, {
   *   key: string(),
   *   value: string(),
   *   timestamp: (record) => record.timestamp + 3_600_000,
   * })
   * assert.deepEqual(results(arrivals), ['BER: LH1', 'CDG: AF1'])
   * ```
   */
  stream<K, V>(topics: string | readonly string[] | RegExp, options: SourceOptions<K, V>): KStream<K, V> {
    const name = this.graph.names.operator('KSTREAM-SOURCE-', options.name)
    return new StreamOf(this.source(name, 'stream(topic, ', topics, options))
  }

  /**
   * A topic as a table: each record is the new value of its key, a null value deletes it. Records without key are
   * dropped. With the name of a `store` the rows are kept in it; else only where an operator needs them.
   *
   * @example
   * ```ts
   * const arrivals = builder.table('arrivals-de', { key: string(), value: string(), store: 'arrivals' })
   * assert.deepEqual(results(arrivals), ['BER: LH1'])
   * ```
   */
  table<K, V>(topic: string, options: TableSourceOptions<K, V>): KTable<K, V | null> {
    const { graph } = this
    const storeName = options.store ?? graph.names.store(`${topic}-`)
    const sourceName = graph.names.operator('KSTREAM-SOURCE-', options.name)
    const name = graph.names.operator('KTABLE-SOURCE-', options.name && `${options.name}-source`)
    const { node: parent, key, value } = this.source(sourceName, 'table(topic, ', topic, options)
    const store = rowStore(graph, name, { name: storeName, key, value, ...storeKeeping(options) }, options)
    const supply = new SourceSupply(store, options.store !== undefined || store.kind === 'versioned')
    const node = graph.add(tableSourceNode(name, parent, supply, true))
    return new TableOf({ builder: graph, node, key, value, supply })
  }

  /**
   * A topic as a table that every instance has all of; see {@link GlobalKTable}. Records without key are dropped, a null
   * value deletes a row. Partitions and the order between them do not matter to it.
   *
   * @example
   * ```ts
   * const pages = builder.globalTable('pages', { key: string(), value: string(), store: 'pages' })
   * const titles = clicks.leftJoin(
   *   pages,
   *   (_, page) => page,
   *   (page, title) => title ?? page,
   * )
   * assert.deepEqual(results(titles), ['ann: Home', 'ann: Your cart', 'bob: Home', 'ann: Home'])
   * ```
   */
  globalTable<K, V>(topic: string, options: GlobalTableOptions<K, V>): GlobalKTable<K, V> {
    const { graph } = this
    const name = options.store ?? graph.names.store(`${topic}-`)
    const store = {
      kind: 'keyValue' as const,
      name,
      caching: false,
      logging: false,
      storage: options.storage,
    }
    const call = 'globalTable(topic, '
    return this.global(topic, call, options, ({ key, value }) => {
      const rows = { ...store, key, value }
      return { store: rows, supplier: tableSource({ store: name, sendOldValues: false }) }
    })
  }

  /**
   * Adds a store that every instance has all of, and that a processor writes with the records of a topic. Every processor
   * of the topology reads it by `context.store(store)`, without being connected to it; only this one writes it. After the
   * loss of the state the processor gets all records of the topic again.
   *
   * @param supplier makes a new processor at each call; what it forwards goes nowhere.
   * @example
   * ```ts
   * const lengths = Stores.keyValue('lengths', { key: string(), value: int32() })
   * builder.addGlobalStore(lengths, 'pages', { key: string(), value: string() }, () => {
   *   let context: ProcessorContext<never, never>
   *   return {
   *     init(given: ProcessorContext<never, never>) {
   *       context = given
   *     },
   *     process({ key, value }) {
   *       context.store(lengths).put(key, value.length)
   *     },
   *   }
   * })
   * const titleLengths = clicks.process(() => {
   *   let context: ProcessorContext<string, number | undefined>
   *   return {
   *     init(given: ProcessorContext<string, number | undefined>) {
   *       context = given
   *     },
   *     process(record) {
   *       context.forward({ ...record, value: context.store(lengths).get(record.value) })
   *     },
   *   }
   * })
   * assert.deepEqual(results(titleLengths), ['ann: 4', 'ann: 9', 'bob: 4', 'ann: 4'])
   * ```
   */
  addGlobalStore<S, K, V>(
    store: Store<S>,
    topic: string,
    options: Omit<SourceOptions<K, V>, 'offsetReset' | 'watermark'>,
    supplier: () => Processor<K, V, never, never>,
  ): this {
    const definition = { ...store.definition, logging: false }
    this.global(topic, 'addGlobalStore(store, topic, ', options, (_, name) => {
      this.graph.requireFresh(name, supplier)
      return { store: definition, supplier: process(supplier) }
    })
    return this
  }

  /** Reads a topic for a global store. */
  private global<K, V>(
    topic: string,
    call: string,
    options: Omit<SourceOptions<K, V>, 'offsetReset' | 'watermark'>,
    made: (source: StreamState, name: string) => Pick<LogicalOperator, 'store' | 'supplier'>,
  ): GlobalTableOf<K, V> {
    const { names } = this.graph
    const sourceName = names.operator('KSTREAM-SOURCE-', options.name && `${options.name}-source`)
    const name = names.operator('KTABLE-SOURCE-', options.name)
    const source = this.source(sourceName, call, topic, { ...options, offsetReset: 'earliest' }, true)
    const { store, supplier } = made(source, name)
    const node = this.graph.add({ kind: 'operator', name, parents: [source.node], supplier, store })
    return new GlobalTableOf(node, store!)
  }

  /**
   * Adds a store for processors. One that a processor is connected to (`process(supplier, { stores: [store] })`) is
   * added by that already.
   *
   * @example
   * ```ts
   * const totals = Stores.keyValue('totals', { key: string(), value: int64() })
   * builder.addStateStore(totals)
   * const counted = clicks.process(
   *   () => {
   *     let context: ProcessorContext<string, number>
   *     return {
   *       init(given: ProcessorContext<string, number>) {
   *         context = given
   *       },
   *       process(record) {
   *         const store = context.store(totals)
   *         const total = (store.get(record.key) ?? 0) + 1
   *         store.put(record.key, total)
   *         context.forward({ ...record, value: total })
   *       },
   *     }
   *   },
   *   { stores: [totals] },
   * )
   * assert.deepEqual(results(counted), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 3'])
   * ```
   */
  addStateStore<S>(store: Store<S>): this {
    this.graph.addStore(store)
    return this
  }

  /**
   * Adds a store for processors that holds what is in a topic: each record is the new value of its key, a null value
   * deletes it, records without key are dropped (KIP-813). Processors read it; nobody writes it but this. The topic is its
   * changelog, and is only ever read: after the loss of the state the rows come back from it, as far as they were read.
   * Processors that are connected to it have the tasks of the topic's partitions.
   *
   * @param store a key-value store, with the serdes of the topic
   * @example
   * ```ts
   * const titles = Stores.keyValue('titles', { key: string(), value: string() })
   * builder.addReadOnlyStateStore(titles, 'pages')
   * const titled = clicks
   *   .map((_, page) => [page, page])
   *   .repartition({ key: string(), value: string() })
   *   .processValues(
   *     () => {
   *       let context: FixedKeyProcessorContext<string>
   *       return {
   *         init(given: FixedKeyProcessorContext<string>) {
   *           context = given
   *         },
   *         process(record: ForwardedRecord<string, string>) {
   *           context.forward({ ...record, value: context.store(titles).get(record.key) ?? 'none' })
   *         },
   *       }
   *     },
   *     { stores: [titles] },
   *   )
   * assert.deepEqual(results(titled), ['home: Home', 'cart: Your cart', 'home: Home', 'home: Home'])
   * ```
   */
  addReadOnlyStateStore<S>(store: Store<S>, topic: string, { name: given }: OperatorOptions = {}): this {
    const { graph } = this
    const { definition } = store
    const sourceName = graph.names.operator('KSTREAM-SOURCE-', given && `${given}-source`)
    const name = graph.names.operator('KTABLE-SOURCE-', given)
    if (definition.kind !== 'keyValue' || definition.windows !== undefined) {
      graph.refuse(name, `store '${store.name}' does not hold a value for each key`, 'use Stores.keyValue()')
    }
    const { key, value } = definition
    const source = this.source(sourceName, 'addReadOnlyStateStore(store, topic, ', topic, { key, value })
    const filled = { ...definition, caching: false, logging: false, sourceTopic: topic, readOnly: true }
    const supplier = tableSource({ store: store.name, sendOldValues: false })
    graph.addReadOnlyStore(store.name)
    graph.add({ kind: 'operator', name, parents: [source.node], supplier, store: filled })
    return this
  }

  private source(
    name: string,
    call: string,
    topics: string | readonly string[] | RegExp,
    options: SourceOptions<Erased, Erased>,
    global = false,
  ): StreamState {
    const { graph } = this
    const { key, value, timestamp } = options
    const known = new UnknownSerde('a topic tells none')
    const offsetReset = resolvedReset(name, options.offsetReset)
    const serdes = {
      key: graph.serde({ operator: name, call, part: 'key', given: key, known }),
      value: graph.serde({ operator: name, call, part: 'value', given: value, known }),
    }
    const reads =
      topics instanceof RegExp
        ? { topics: [], pattern: topics }
        : { topics: typeof topics === 'string' ? [topics] : [...topics] }
    if (reads.topics.length === 0 && !('pattern' in reads)) {
      graph.refuse(name, 'it reads no topic', 'name at least one')
    }
    const node = graph.add({
      kind: 'source',
      name,
      ...reads,
      ...serdes,
      timestamp,
      watermark: watermarkStrategy(graph, name, options.watermark),
      offsetReset,
      global,
    })
    return { builder: graph, node, ...serdes, rekeyed: false }
  }

  /**
   * The topology as it has been built so far. Can be called again; the builder stays as it is.
   *
   * @param options.optimization see {@link BuildOptions.optimization}
   * @throws {TopologyError} if it cannot run; the message names the operator and says what to do.
   * @example
   * ```ts
   * clicks.to('copy')
   * const topology = builder.build()
   * assert.equal(sent(topology, 'copy', { key: string(), value: string() })[0], 'ann: home')
   * ```
   */
  build(options: BuildOptions = {}): Topology {
    const graph = this.graph.graph(optimizationsOf(options))
    if (this.ensureExplicitNames) requireExplicitNames(graph)
    return compile(graph)
  }
}
