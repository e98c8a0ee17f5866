import type { AnySerde } from '../serdes/serde.js'
import { type SerdeOpener, type SerdeUse, sameUse } from '../serdes/serde-use.js'
import { type MaybePromise, type Steps, settle, step } from '../serdes/settle.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import { type SubTopology, sourcesOf, type TopologyNode } from '../topology/sub-topology.js'
import type { Topology } from '../topology/topology.js'
import { TopicNames } from './topic-names.js'

/** Serdes that have to be opened, each with all places where its bytes lie. */
export type SerdeUses = ReadonlyMap<AnySerde, readonly SerdeUse[]>

interface KeyAndValue {
  readonly key: AnySerde
  readonly value: AnySerde
}

class UseCollector {
  readonly uses = new Map<AnySerde, SerdeUse[]>()

  /** Takes note of a serde and of all that it is made of. */
  add(serde: AnySerde, use: SerdeUse): void {
    if (serde.open !== undefined) {
      const uses = this.uses.get(serde) ?? []
      if (!uses.some((known) => sameUse(known, use))) this.uses.set(serde, [...uses, use])
    }
    for (const part of serde.parts ?? []) this.add(part, use)
  }

  /** The serdes of keys and values that lie in the same place. */
  addBoth({ key, value }: KeyAndValue, place: Omit<SerdeUse, 'part'>): void {
    this.add(key, { ...place, part: 'key' })
    this.add(value, { ...place, part: 'value' })
  }

  addNode(node: TopologyNode, names: TopicNames): void {
    if (node.kind === 'processor') return
    const topics: readonly (string | undefined)[] =
      node.kind === 'source' ? node.topics : [typeof node.topic === 'string' ? node.topic : undefined]
    for (const name of topics) {
      const topic = name === undefined ? undefined : names.inKafka(name)
      const access = node.kind === 'source' ? 'read' : 'write'
      this.addBoth(node, { topic, access })
    }
  }

  addStore(store: AnyStoreDefinition, names: TopicNames): void {
    this.addBoth(store, { topic: names.changelogOf(store), access: 'state' })
  }

  /** The rows of a global table are the records of its topic; a processor may keep others, of no topic. */
  addGlobalStore(store: AnyStoreDefinition, { nodes }: SubTopology, names: TopicNames): void {
    for (const part of ['key', 'value'] as const) {
      const source = sourcesOf({ nodes }).find((node) => node[part] === store[part])
      this.add(store[part], { topic: source?.topics[0] ?? names.changelogOf(store), part, access: 'state' })
    }
  }
}

/** The serdes of a topology that have to be opened. */
export function serdeUses({ subTopologies, globals }: Topology, applicationId: string): SerdeUses {
  const collector = new UseCollector()
  const names = new TopicNames(applicationId, subTopologies)
  for (const part of globals) {
    for (const node of part.nodes) collector.addNode(node, names)
    for (const store of part.stores) collector.addGlobalStore(store, part, names)
  }
  for (const { nodes, stores } of subTopologies) {
    for (const node of nodes) collector.addNode(node, names)
    for (const store of stores) collector.addStore(store, names)
  }
  return collector.uses
}

/** The serdes of a topic's records that have to be opened. */
export function topicSerdeUses(key: AnySerde, value: AnySerde, use: Omit<SerdeUse, 'part'>): SerdeUses {
  const collector = new UseCollector()
  collector.addBoth({ key, value }, use)
  return collector.uses
}

/** The serdes of a task's stores that have to be opened. */
export function storeSerdeUses({ stores }: SubTopology, names: TopicNames): SerdeUses {
  const collector = new UseCollector()
  for (const store of stores) collector.addStore(store, names)
  return collector.uses
}

/**
 * Makes serdes ready that need more than themselves, such as registered schemas.
 *
 * @returns a promise only where a serde cannot be ready at once
 */
export const openUses = (uses: SerdeUses, opener: SerdeOpener = {}): MaybePromise<void> =>
  settle(openAll(uses, opener))

function* openAll(uses: SerdeUses, opener: SerdeOpener): Steps<void> {
  for (const [serde, all] of uses) yield* step(serde.open?.(all, opener))
}

/** Makes all serdes of a topology ready. */
export const openSerdes = (
  topology: Topology,
  applicationId: string,
  opener?: SerdeOpener,
): MaybePromise<void> => openUses(serdeUses(topology, applicationId), opener)
