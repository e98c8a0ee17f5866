import { hashSetOrder, TreeSet } from './java-collections.js'
import type { SubTopology, TopologyNode } from './sub-topology.js'

/** The text of Kafka Streams' `TopologyDescription`. */
export function describe(
  subTopologies: readonly SubTopology[],
  globals: readonly SubTopology[] = [],
): string {
  const parts = [
    ...subTopologies.map((each) => ({ id: each.id, text: `  ${describeSubTopology(each, '')}\n` })),
    ...globals.map((each) => ({
      id: each.id,
      text: `  ${describeSubTopology(each, ' for global store (will not generate tasks)')}`,
    })),
  ].sort((left, right) => left.id - right.id)
  return `Topologies:\n ${parts.map(({ text }) => text).join('')}`
}

function describeSubTopology({ id, nodes }: SubTopology, kind: string): string {
  const lines = connect(nodes).map((described) => `    ${describeNode(described)}\n`)
  return `Sub-topology: ${id}${kind}\n${lines.join('')}`
}

class DescribedNode {
  readonly predecessors = new TreeSet(largestFirst)
  readonly successors = new TreeSet(largestFirst)
  /** Nodes on all ways down from here, this one included. */
  size = 1

  constructor(readonly node: TopologyNode) {}

  grow(by: number): void {
    this.size += by
    for (const predecessor of this.predecessors) predecessor.grow(by)
  }
}

function largestFirst(left: DescribedNode, right: DescribedNode): number {
  if (left === right) return 0
  return right.size - left.size || (left.node.name < right.node.name ? -1 : 1)
}

/** Connects nodes in the order of Kafka Streams, which decides how neighbours are sorted. */
function connect(nodes: readonly TopologyNode[]): readonly DescribedNode[] {
  const byName = new Map(nodes.map((node) => [node.name, new DescribedNode(node)]))
  for (const name of hashSetOrder(nodes.map((node) => node.name))) {
    const described = byName.get(name)!
    for (const predecessorName of predecessorsOf(described.node)) {
      const predecessor = byName.get(predecessorName)!
      described.predecessors.add(predecessor)
      predecessor.successors.add(described)
      predecessor.grow(described.size)
    }
  }
  return [...byName.values()].sort(largestFirst)
}

const predecessorsOf = (node: TopologyNode): readonly string[] =>
  node.kind === 'source' ? [] : node.predecessors

function describeNode({ node, predecessors, successors }: DescribedNode): string {
  const out = `\n      --> ${namesOf(successors)}`
  const into = `\n      <-- ${namesOf(predecessors)}`
  switch (node.kind) {
    case 'source':
      return `Source: ${node.name} (topics: ${node.pattern?.source ?? list(node.topics)})${out}`
    case 'processor':
      return `Processor: ${node.name} (stores: ${list(node.stores)})${out}${into}`
    case 'sink':
      return `Sink: ${node.name} (${target(node.topic)})${into}`
  }
}

const target = (topic: unknown): string =>
  typeof topic === 'string' ? `topic: ${topic}` : 'extractor class: lambda'

const list = (names: readonly string[]): string => `[${hashSetOrder(names).join(', ')}]`

function namesOf(nodes: Iterable<DescribedNode>): string {
  const names = [...nodes].map(({ node }) => node.name)
  return names.length === 0 ? 'none' : names.join(', ')
}
