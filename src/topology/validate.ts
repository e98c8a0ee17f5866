import type { AnyStoreDefinition } from '../state/store-definition.js'
import { requireEqualPartitions } from './co-partitioning.js'
import { type LogicalGraph, type LogicalNode, outputOf, parentsOf } from './logical-graph.js'
import { nameProblem } from './names.js'
import { TopologyError } from './topology-error.js'

/** @throws {TopologyError} if the graph cannot run. */
export function validate(graph: LogicalGraph): void {
  if (graph.nodes.length === 0) {
    throw new TopologyError(
      'topology',
      'it reads no topic',
      'begin with StreamsBuilder.stream(topic, options)',
    )
  }
  requireOneBuilder(graph)
  requireDistinctOperators(graph)
  requireDistinctStores(graph)
  requireTopicsReadOnce(graph)
  requireLegalSinks(graph)
  requireOwnInternalTopics(graph)
  requireEqualPartitions(graph)
}

function requireOneBuilder({ nodes }: LogicalGraph): void {
  const known = new Set(nodes)
  for (const node of nodes) {
    const inputs = [...parentsOf(node), ...((node.kind === 'operator' && node.coPartitioned) || [])]
    const foreign = inputs.find((input) => !known.has(input))
    if (foreign !== undefined) {
      const problem = `its input ${outputOf(foreign)} belongs to another StreamsBuilder`
      throw new TopologyError(outputOf(node), problem, 'make all streams of a topology with one builder')
    }
  }
}

function requireDistinctOperators({ nodes }: LogicalGraph): void {
  const taken = new Set<string>()
  for (const name of nodes.flatMap(namesOf)) {
    requireLegal('operator', name)
    if (taken.has(name)) {
      throw new TopologyError(
        `operator '${name}'`,
        'the name is taken by another operator',
        'choose another name',
      )
    }
    taken.add(name)
  }
}

function requireDistinctStores({ nodes, stores }: LogicalGraph): void {
  const owners = new Map<string, string>()
  for (const store of stores) {
    const { name } = store
    requireLegal('store', name)
    requireWholeWindows(store)
    owners.set(name, 'addStateStore()')
  }
  for (const node of nodes) {
    if (node.kind !== 'operator' || node.store === undefined) continue
    const { name } = node.store
    requireLegal('store', name)
    const owner = owners.get(name)
    if (owner !== undefined) {
      throw new TopologyError(
        node.name,
        `its store '${name}' is the store of ${owner} already`,
        'choose another name',
      )
    }
    owners.set(name, node.name)
  }
}

function requireWholeWindows(store: AnyStoreDefinition): void {
  if (store.kind !== 'keyValue' || store.windows === undefined) return
  const { retention, size } = store.windows
  if (retention < size) {
    throw new TopologyError(
      `store '${store.name}'`,
      `its retention of ${retention} ms is less than the size of its windows, ${size} ms`,
      `give it a retention of at least ${size} ms, or a smaller windowSize`,
    )
  }
}

function requireTopicsReadOnce({ nodes }: LogicalGraph): void {
  const readers = new Map<string, string>()
  for (const node of nodes) {
    if (node.kind !== 'source') continue
    for (const topic of node.topics) {
      requireLegal(`${node.name}, topic`, topic)
      const reader = readers.get(topic)
      if (reader !== undefined) {
        throw new TopologyError(
          node.name,
          `topic '${topic}' is read by ${reader} already`,
          'keep the KStream of the one stream() call and build on it several times',
        )
      }
      readers.set(topic, node.name)
    }
  }
}

function requireLegalSinks({ nodes }: LogicalGraph): void {
  for (const node of nodes) {
    if (node.kind === 'sink' && typeof node.topic === 'string') {
      requireLegal(`${node.name}, topic`, node.topic)
    }
  }
}

function requireOwnInternalTopics({ nodes }: LogicalGraph): void {
  const internal = new Set(nodes.filter((node) => node.kind === 'repartition').map(({ topic }) => topic))
  for (const node of nodes) {
    for (const topic of userTopicsOf(node)) {
      if (internal.has(topic)) {
        const problem = `topic '${topic}' has the name of an internal topic of this topology`
        throw new TopologyError(
          outputOf(node),
          problem,
          'name the topic or the repartitioning operator differently',
        )
      }
    }
  }
}

function userTopicsOf(node: LogicalNode): readonly string[] {
  if (node.kind === 'source') return node.topics
  return node.kind === 'sink' && typeof node.topic === 'string' ? [node.topic] : []
}

function requireLegal(kind: string, name: string): void {
  const problem = nameProblem(name)
  if (problem !== undefined) throw new TopologyError(`${kind} '${name}'`, problem, 'choose another name')
}

const namesOf = (node: LogicalNode): readonly string[] =>
  node.kind === 'repartition'
    ? [...(node.filter === undefined ? [] : [node.filter.name]), node.sinkName, node.sourceName]
    : [node.name]
