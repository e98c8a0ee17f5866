import type { Serde } from '../serdes/serde.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Store } from '../state/stores.js'
import type { Erased, LogicalGraph, LogicalNode } from '../topology/logical-graph.js'
import { NameSequence } from '../topology/names.js'
import type { Optimization } from '../topology/optimization.js'
import { optimize } from '../topology/optimize.js'
import { TopologyError } from '../topology/topology-error.js'
import { supplierProblem, type Timed } from './fresh-processor.js'
import type { KStream } from './kstream.js'
import type { StreamState } from './stream-state.js'
import { UnknownSerde } from './unknown-serde.js'

/** A serde that an operator needs. */
export interface SerdeNeed {
  readonly operator: string
  /** How the user's call begins, for the cure: `to(topic, `. */
  readonly call: string
  readonly part: 'key' | 'value' | 'otherValue'
  readonly given: Serde<Erased> | undefined
  /** What the stream knows. */
  readonly known: Serde<Erased>
}

/**
 * Collects the nodes of a topology while the user writes it. The one thing in the DSL that changes; streams and
 * tables are views of its nodes.
 */
export class GraphBuilder {
  readonly names = new NameSequence()
  private readonly nodes = new Set<LogicalNode>()
  /** The nodes in the order in which they came first. */
  private readonly arrivals = new Set<LogicalNode>()
  private readonly stores = new Map<string, AnyStoreDefinition>()
  /** Stores that are filled from topics, whose definitions their operators have. */
  private readonly readOnlyStores = new Set<string>()
  private readonly openSplits = new Set<string>()
  private problem: TopologyError | undefined

  /** @param stream makes the view of a stream; given, because a table's changes are a stream again */
  constructor(readonly stream: (state: StreamState) => KStream<Erased, Erased>) {}

  /** Adds a node; one that is there already moves behind the others, as in Kafka Streams. */
  add<N extends LogicalNode>(node: N): N {
    this.arrivals.add(node)
    this.nodes.delete(node)
    this.nodes.add(node)
    return Object.freeze(node)
  }

  /** Keeps the first problem for `build()`; made here, its stack shows the user's line. */
  refuse(operator: string, problem: string, cure: string): void {
    this.problem ??= new TopologyError(operator, problem, cure)
  }

  /** Refuses a supplier that gives one processor for all tasks: they would share its fields and its context. */
  requireFresh(operator: string, supplier: () => object): void {
    this.problem ??= supplierProblem(operator, supplier)
  }

  /** As `requireFresh`, of a processor that may have timers: then they are to have something to call. */
  requireProcessor(operator: string, supplier: () => Timed, timers: object | undefined): void {
    this.problem ??= supplierProblem(operator, supplier, timers)
  }

  /** The serde that an operator was given, or else the one that the stream knows; without either it is refused. */
  serde({ operator, call, part, given, known }: SerdeNeed): Serde<Erased> {
    const serde = given ?? known
    if (serde instanceof UnknownSerde) {
      const needed = part === 'otherValue' ? 'value serde of the other stream' : `${part} serde`
      this.refuse(
        operator,
        `it needs a ${needed}, and ${serde.reason}`,
        `give it one: ${call}{ ${part}: ... })`,
      )
    }
    return serde
  }

  /** Adds a store that no operator owns; the same one may be added again. */
  addStore({ name, definition }: Pick<Store<Erased>, 'name' | 'definition'>): void {
    if (this.readOnlyStores.has(name)) return
    const present = this.stores.get(name)
    if (present !== undefined && present !== definition) {
      this.refuse(
        `store '${name}'`,
        'there is another store of the name',
        'choose another name, or share the one',
      )
    } else this.stores.set(name, definition)
  }

  /** Takes note of a store that is filled from a topic; processors may have been connected to it before. */
  addReadOnlyStore(name: string): void {
    this.stores.delete(name)
    this.readOnlyStores.add(name)
  }

  /** Adds the stores that an operator is connected to; gives their names. */
  connect(stores: readonly Store<Erased>[] = []): readonly string[] {
    for (const store of stores) this.addStore(store)
    return stores.map(({ name }) => name)
  }

  openSplit(operator: string): void {
    this.openSplits.add(operator)
  }

  closeSplit(operator: string): void {
    if (!this.openSplits.delete(operator)) {
      this.refuse(operator, 'its split has ended already', 'call defaultBranch() or noDefaultBranch() once')
    }
  }

  /**
   * The graph as it stands.
   *
   * @param optimizations what is made of it
   * @throws {TopologyError} if an operator was used wrongly.
   */
  graph(optimizations: ReadonlySet<Optimization>): LogicalGraph {
    for (const operator of this.openSplits) {
      this.refuse(operator, 'its split has no end', 'end it with defaultBranch() or noDefaultBranch()')
    }
    if (this.problem !== undefined) throw this.problem
    const graph = { nodes: [...this.nodes], stores: [...this.stores.values()] }
    return optimize(graph, optimizations, [...this.arrivals])
  }
}
