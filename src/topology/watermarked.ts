import type { AnyStoreDefinition } from '../state/store-definition.js'
import { type AnySourceNode, type SubTopology, sourcesOf, type TopologyNode } from './sub-topology.js'
import { TopologyError } from './topology-error.js'

/**
 * Marks the sub-topologies whose event time comes from watermarks: those that read a topic with a watermark strategy, and
 * all that read what they write to repartition topics.
 *
 * @throws {TopologyError} if one reads topics with watermarks and others without: its time would be neither
 */
export function watermarked(subTopologies: readonly SubTopology[]): readonly SubTopology[] {
  const marked = new Set(subTopologies.filter((each) => sourcesOf(each).some(hasStrategy)))
  for (let size = -1; size !== marked.size; ) {
    size = marked.size
    for (const each of subTopologies) if (writersOf(each, subTopologies, marked).length > 0) marked.add(each)
  }
  return subTopologies.map((each) => (marked.has(each) ? mark(each, subTopologies, marked) : each))
}

function mark(
  subTopology: SubTopology,
  all: readonly SubTopology[],
  marked: ReadonlySet<SubTopology>,
): SubTopology {
  const writers = subTopology.repartitionSources.map(({ name }) => ({
    topic: name,
    by: all.filter(({ repartitionSinks }) => repartitionSinks.includes(name)),
  }))
  const repartitioned = new Set(writers.map(({ topic }) => topic))
  for (const source of sourcesOf(subTopology)) {
    if (hasStrategy(source) || source.topics.some((topic) => repartitioned.has(topic))) continue
    throw withoutWatermarks(source, source.topics.join(', ') || String(source.pattern))
  }
  for (const { topic, by } of writers) {
    const source = sourcesOf(subTopology).find(({ topics }) => topics.includes(topic))!
    if (by.some((writer) => !marked.has(writer))) throw withoutWatermarks(source, topic)
  }
  return {
    ...subTopology,
    stores: subTopology.stores.map((store) => uncachedBeforeTime(expiringByEventTime(store), subTopology)),
    shuffles: new Map(writers.map(({ topic, by }) => [topic, by.map(({ id }) => id)])),
  }
}

const withoutWatermarks = ({ name }: AnySourceNode, topics: string): TopologyError =>
  new TopologyError(
    name,
    `${topics} has no watermarks, and is processed together with topics that have`,
    'give all of them the option watermark, or none',
  )

const writersOf = (
  { repartitionSources }: SubTopology,
  all: readonly SubTopology[],
  among: ReadonlySet<SubTopology>,
): readonly SubTopology[] =>
  all.filter(
    (each) => among.has(each) && repartitionSources.some(({ name }) => each.repartitionSinks.includes(name)),
  )

const hasStrategy = ({ watermark }: AnySourceNode): boolean => watermark !== undefined

/** Records may be far ahead of event time: rows of windows that are still open must not expire by them. */
const expiringByEventTime = (store: AnyStoreDefinition): AnyStoreDefinition =>
  store.kind === 'window' || store.kind === 'rangedWindow' || store.kind === 'session'
    ? { ...store, expiry: 'event-time' }
    : store

/**
 * Event time does not wait for what lies in the record cache: nothing of a store does whose rows go to an operator that
 * decides by event time, where they would be late. (A repartition topic is told of the time behind them.)
 */
function uncachedBeforeTime(store: AnyStoreDefinition, subTopology: SubTopology): AnyStoreDefinition {
  if (!store.caching) return store
  const timed = new Set(subTopology.stores.filter(isTimed).map(({ name }) => name))
  const nodes = new Map(subTopology.nodes.map((node) => [node.name, node]))
  const seen = new Set(subTopology.nodes.filter((node) => storesOf(node).includes(store.name)))
  for (const node of seen) {
    for (const name of node.kind === 'sink' ? [] : node.successors) {
      const next = nodes.get(name)!
      if (seen.has(next)) continue
      if (storesOf(next).some((each) => timed.has(each))) return { ...store, caching: false }
      seen.add(next)
    }
  }
  return store
}

const storesOf = (node: TopologyNode): readonly string[] => (node.kind === 'processor' ? node.stores : [])

/** Whether what is in a store is kept, handed on or forgotten by event time. */
const isTimed = (store: AnyStoreDefinition): boolean =>
  store.kind === 'keyValue' ? store.ordered === true || store.timeOrder !== undefined : true
