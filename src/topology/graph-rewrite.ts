import type { LogicalGraph, LogicalNode, LogicalOperator, Parents } from './logical-graph.js'
import { parentsOf } from './logical-graph.js'

type Replace = (node: LogicalNode) => LogicalNode

/**
 * Changes a graph of immutable nodes: who reads from whom, which nodes there are. The nodes stay as they are, and
 * name one another in what is asked here; `graph()` makes those that come out.
 */
export class GraphRewrite {
  private readonly nodes: LogicalNode[]
  private readonly parents = new Map<LogicalNode, readonly LogicalNode[]>()
  private readonly operators = new Map<LogicalNode, Partial<LogicalOperator>>()
  /** What operators that need records, or event time, of several nodes have in the place of a node. */
  private readonly standIns = new Map<LogicalNode, LogicalNode>()

  constructor(private readonly given: LogicalGraph) {
    this.nodes = [...given.nodes]
  }

  /** The nodes, by priority. */
  all(): readonly LogicalNode[] {
    return [...this.nodes]
  }

  parentsOf(node: LogicalNode): readonly LogicalNode[] {
    return this.parents.get(node) ?? parentsOf(node)
  }

  /** Adds a node at the priority of one that is there. */
  addAfter(present: LogicalNode, added: LogicalNode): void {
    this.nodes.splice(this.nodes.indexOf(present) + 1, 0, added)
  }

  remove(...nodes: readonly LogicalNode[]): void {
    for (const node of nodes) this.nodes.splice(this.nodes.indexOf(node), 1)
  }

  /** Has a node read from another one instead of its parent. */
  reparent(node: LogicalNode, from: LogicalNode, to: LogicalNode): void {
    this.parents.set(
      node,
      this.parentsOf(node).map((parent) => (parent === from ? to : parent)),
    )
  }

  /** Has a node read from another one only. */
  readFrom(node: LogicalNode, parent: LogicalNode): void {
    this.parents.set(node, [parent])
  }

  /** Has everything that read from a repartition read from another node; its records come from `topic` now. */
  bypass(repartition: LogicalNode, to: LogicalNode, topic: LogicalNode): void {
    for (const node of this.nodes) {
      if (this.parentsOf(node).includes(repartition)) this.reparent(node, repartition, to)
    }
    this.standIns.set(repartition, topic)
    this.remove(repartition)
  }

  /** Changes what an operator does, or keeps. */
  change(operator: LogicalOperator, change: Partial<LogicalOperator>): void {
    this.operators.set(operator, { ...this.operators.get(operator), ...change })
  }

  graph(): LogicalGraph {
    const made = new Map<LogicalNode, LogicalNode>()
    const make: Replace = (node) => {
      const present = made.get(node)
      if (present !== undefined) return present
      const rewritten = this.make(node, make)
      made.set(node, rewritten)
      return rewritten
    }
    return { ...this.given, nodes: this.nodes.map(make) }
  }

  private make(node: LogicalNode, make: Replace): LogicalNode {
    if (node.kind === 'source') return node
    const parents = this.parentsOf(node).map(make) as unknown as Parents
    if (node.kind !== 'operator') return { ...node, parents }
    const { coPartitioned, awaits, looksUp, ...operator } = { ...node, ...this.operators.get(node), parents }
    const standIn = (each: LogicalNode) => make(this.standIns.get(each) ?? each)
    return {
      ...operator,
      ...(coPartitioned && { coPartitioned: coPartitioned.map(standIn) }),
      ...(awaits && { awaits: awaits.map(standIn) }),
      ...(looksUp && { looksUp: make(looksUp) }),
    }
  }
}
