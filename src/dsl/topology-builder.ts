import { process } from '../../operators/process.js'
import type { Processor } from '../../operators/processor-api.js'
import type { Serde } from '../serdes/serde.js'
import type { Store } from '../state/stores.js'
import { compile } from '../topology/compile.js'
import type { Erased, LogicalNode, Parents } from '../topology/logical-graph.js'
import type { TopicNameExtractor } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'
import { TopologyError } from '../topology/topology-error.js'
import { supplierProblem } from './fresh-processor.js'
import type { SinkOptions, SourceOptions, StreamProcessOptions } from './operator-options.js'
import { resolvedReset } from './resolved-reset.js'

/** Options of {@link TopologyBuilder.addSink}. */
export type TopologySinkOptions<K, V> = Omit<SinkOptions<K, V, never>, 'name'>

/** Options of {@link TopologyBuilder.addSource}. */
export type TopologySourceOptions<K, V> = Omit<SourceOptions<K, V>, 'name'>

/**
 * Builds a topology node by node: what the DSL makes of its operators, by hand. Nodes are connected by their names, so
 * types are not checked from one to the next. (Kafka Streams' `Topology`.)
 *
 * @example
 * ```ts
 * const totals = Stores.keyValue('totals', { key: string(), value: int64() })
 *
 * class Count implements Processor<string, string, string, number> {
 *   private context!: ProcessorContext<string, number>
 *
 *   init(context: ProcessorContext<string, number>) {
 *     this.context = context
 *   }
 *
 *   process(record: ProcessorRecord<string, string>) {
 *     const store = this.context.store(totals)
 *     const total = (store.get(record.key) ?? 0) + 1
 *     store.put(record.key, total)
 *     this.context.forward({ ...record, value: total })
 *   }
 * }
 *
 * const topology = new TopologyBuilder()
 *   .addSource('clicks', 'clicks', { key: string(), value: string() })
 *   .addProcessor('count', () => new Count(), ['clicks'])
 *   .addStateStore(totals, ['count'])
 *   .addSink('out', 'counts', ['count'], { key: string(), value: int64() })
 *   .build()
 * assert.deepEqual(sent(topology, 'counts', { key: string(), value: int64() }), [
 *   'ann: 1', 'ann: 2', 'bob: 1', 'ann: 3',
 * ])
 * ```
 */
export class TopologyBuilder {
  private readonly nodes = new Map<string, LogicalNode>()
  private readonly stores = new Map<string, Store<Erased>>()
  /** Names of the stores of a processor, by its name. */
  private readonly uses = new Map<string, string[]>()

  /**
   * Reads topics.
   *
   * @example
   * ```ts
   * const topology = new TopologyBuilder()
   *   .addSource('clicks', 'clicks', { key: string(), value: string() })
   *   .addSink('copy', 'copy', ['clicks'], { key: string(), value: string() })
   *   .build()
   * assert.equal(sent(topology, 'copy', { key: string(), value: string() }).length, 4)
   * ```
   */
  addSource<K, V>(
    name: string,
    topics: string | readonly string[],
    options: TopologySourceOptions<K, V>,
  ): this {
    const { key, value, timestamp } = options
    requireSerdes(name, 'addSource(name, topics, ', { key, value })
    const list = typeof topics === 'string' ? [topics] : [...topics]
    const offsetReset = resolvedReset(name, options.offsetReset)
    return this.add({ kind: 'source', name, topics: list, key, value, timestamp, offsetReset })
  }

  /**
   * Runs a processor on what its parents forward.
   *
   * @param supplier makes a new processor at each call.
   * @param parents names of sources and processors that are added already.
   * @example
   * ```ts
   * const upperCase = (): Processor<string, string, string, string> => {
   *   let context: ProcessorContext<string, string>
   *   return {
   *     init(given) {
   *       context = given
   *     },
   *     process(record) {
   *       context.forward({ ...record, value: record.value.toUpperCase() })
   *     },
   *   }
   * }
   * const topology = new TopologyBuilder()
   *   .addSource('clicks', 'clicks', { key: string(), value: string() })
   *   .addProcessor('upper-case', upperCase, ['clicks'])
   *   .addSink('out', 'out', ['upper-case'], { key: string(), value: string() })
   *   .build()
   * assert.equal(sent(topology, 'out', { key: string(), value: string() })[0], 'ann: HOME')
   * ```
   */
  addProcessor<KIn, VIn, KOut, VOut>(
    name: string,
    supplier: () => Processor<KIn, VIn, KOut, VOut>,
    parents: readonly string[],
    { timers }: Pick<StreamProcessOptions<KIn>, 'timers'> = {},
  ): this {
    const problem = supplierProblem(`node '${name}'`, supplier, timers)
    if (problem !== undefined) throw problem
    const uses: string[] = []
    this.uses.set(name, uses)
    return this.add({
      kind: 'operator',
      name,
      parents: this.parentsOf(name, parents),
      supplier: process(supplier, timers),
      store: timers?.definition,
      uses,
    })
  }

  /**
   * Writes what its parents forward to a topic, or to the topic that a function chooses for each record.
   *
   * @example
   * ```ts
   * const topology = new TopologyBuilder()
   *   .addSource('clicks', 'clicks', { key: string(), value: string() })
   *   .addSink('by-page', (_, page: string) => `clicks-${page}`, ['clicks'], { key: string(), value: string() })
   *   .build()
   * assert.deepEqual(sent(topology, 'clicks-cart', { key: string(), value: string() }), ['ann: cart'])
   * ```
   */
  addSink<K, V>(
    name: string,
    topic: string | TopicNameExtractor<K, V>,
    parents: readonly string[],
    { key, value, partitioner }: TopologySinkOptions<K, V>,
  ): this {
    const serdes: { key: Serde<Erased>; value: Serde<Erased> } = { key, value }
    requireSerdes(name, 'addSink(name, topic, parents, ', serdes)
    return this.add({
      kind: 'sink',
      name,
      parents: this.parentsOf(name, parents),
      topic,
      ...serdes,
      partitioner,
    })
  }

  /**
   * Adds a store and connects processors to it that are added already.
   *
   * @example
   * ```ts
   * const pages = Stores.keyValue('pages', { key: string(), value: string() })
   * const keepPage = (): Processor<string, string, never, never> => {
   *   let context: ProcessorContext<never, never>
   *   return {
   *     init(given) {
   *       context = given
   *     },
   *     process({ key, value }) {
   *       context.store(pages).put(key, value)
   *     },
   *   }
   * }
   * const topology = new TopologyBuilder()
   *   .addSource('clicks', 'clicks', { key: string(), value: string() })
   *   .addProcessor('keep', keepPage, ['clicks'])
   *   .addStateStore(pages, ['keep'])
   *   .build()
   * assert.deepEqual(topology.subTopologies[0]?.stores.map(({ name }) => name), ['pages'])
   * ```
   */
  addStateStore<S>(store: Store<S>, processors: readonly string[] = []): this {
    const present = this.stores.get(store.name)
    if (present !== undefined && present !== store) {
      throw new TopologyError(
        `store '${store.name}'`,
        'there is another store of the name',
        'choose another name',
      )
    }
    this.stores.set(store.name, store)
    for (const processor of processors) {
      const uses = this.uses.get(processor)
      if (uses === undefined) {
        throw new TopologyError(
          `store '${store.name}'`,
          `there is no processor '${processor}'`,
          'add the processor before the store',
        )
      }
      uses.push(store.name)
    }
    return this
  }

  /**
   * The topology as it has been built so far.
   *
   * @throws {TopologyError} if it cannot run; the message names the node and says what to do.
   * @example
   * ```ts
   * const topology = new TopologyBuilder()
   *   .addSource('clicks', 'clicks', { key: string(), value: string() })
   *   .build()
   * assert.equal(topology.subTopologies.length, 1)
   * ```
   */
  build(): Topology {
    const nodes = [...this.nodes.values()]
    return compile({ nodes, stores: [...this.stores.values()].map(({ definition }) => definition) })
  }

  private add(node: LogicalNode & { readonly name: string }): this {
    if (this.nodes.has(node.name)) {
      throw new TopologyError(
        `node '${node.name}'`,
        'the name is taken by another node',
        'choose another name',
      )
    }
    this.nodes.set(node.name, node)
    return this
  }

  private parentsOf(name: string, parents: readonly string[]): Parents {
    const found = parents.map((parent) => {
      const node = this.nodes.get(parent)
      if (node !== undefined && node.kind !== 'sink') return node
      const problem = node === undefined ? `there is no node '${parent}'` : `'${parent}' is a sink`
      throw new TopologyError(`node '${name}'`, problem, 'name sources and processors that are added already')
    })
    const [first, ...rest] = found
    if (first !== undefined) return [first, ...rest]
    throw new TopologyError(`node '${name}'`, 'it has no parent', 'name at least one source or processor')
  }
}

/** A node knows no serde but those that it is given; in JavaScript they can be missing. */
function requireSerdes(
  name: string,
  call: string,
  serdes: Readonly<Record<string, Serde<Erased> | undefined>>,
) {
  for (const [part, serde] of Object.entries(serdes)) {
    if (serde !== undefined) continue
    throw new TopologyError(
      `node '${name}'`,
      `it needs a ${part} serde`,
      `give it one: ${call}{ ${part}: ... })`,
    )
  }
}
