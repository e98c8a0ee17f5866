import type { AnyStoreDefinition } from '../state/store-definition.js'
import { type AnySourceNode, type SubTopology, sourcesOf } from './sub-topology.js'
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
    stores: subTopology.stores.map(expiringByEventTime),
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
