import type { GraphRewrite } from './graph-rewrite.js'
import type { LogicalNode, LogicalRepartition } from './logical-graph.js'

/** A repartition, and how records come to it from where it can be moved up to. */
interface Movable {
  readonly repartition: LogicalRepartition
  /** The operator that gave the records their keys, or brought them together since. */
  readonly point: LogicalNode
  /** The operators in between, the last one first: each hands on records as they are. */
  readonly between: readonly LogicalNode[]
}

/**
 * Where several operators after one change of keys send records through a topic each, sends them through one, right
 * behind the change. As in Kafka Streams a single repartition moves up too, and the topic is that of the first one.
 */
export function mergeRepartitions(rewrite: GraphRewrite, firstAdded: readonly LogicalNode[]): void {
  const byPoint = new Map<LogicalNode, Movable[]>()
  for (const node of firstAdded) {
    const movable = movableOf(rewrite, node)
    if (movable === undefined) continue
    const others = byPoint.get(movable.point)
    if (others === undefined) byPoint.set(movable.point, [movable])
    else others.push(movable)
  }
  for (const movables of byPoint.values()) merge(rewrite, movables)
}

function merge(rewrite: GraphRewrite, movables: readonly Movable[]): void {
  const [{ repartition: first, point }] = movables as readonly [Movable]
  // The bytes of a key choose its partition, and those of a value may leave out what others read.
  const alike = movables.filter(({ repartition: { key, value } }) => {
    return key.name === first.key.name && value.name === first.value.name
  })
  const topic = movedTo(
    point,
    first,
    alike.some(({ between }) => between.length > 0),
  )
  rewrite.addAfter(point, topic)
  for (const { repartition, between } of alike) {
    const uppermost = between.at(-1)
    if (uppermost !== undefined) rewrite.reparent(uppermost, point, topic)
    rewrite.bypass(repartition, between[0] ?? topic, topic)
  }
}

/** The topic at its new place. Its parts are always named after it there, as in Kafka Streams. */
function movedTo(point: LogicalNode, first: LogicalRepartition, hasOthers: boolean): LogicalRepartition {
  const { topic, filter } = first
  return {
    ...first,
    parents: [point],
    sinkName: `${topic}-sink`,
    sourceName: `${topic}-source`,
    filter: filter && {
      name: `${topic}-filter`,
      // Operators that are behind the topic now may take records without key: they had them before.
      supplier: hasOthers ? filter.all : filter.supplier,
      all: filter.all,
    },
  }
}

function movableOf(rewrite: GraphRewrite, repartition: LogicalNode): Movable | undefined {
  if (repartition.kind !== 'repartition' || repartition.movable !== true) return undefined
  const between: LogicalNode[] = []
  let point = rewrite.parentsOf(repartition)[0]!
  while (passesOn(rewrite, point)) {
    between.push(point)
    point = rewrite.parentsOf(point)[0]!
  }
  return isRekeyed(rewrite, point) ? { repartition, point, between } : undefined
}

const passesOn = (rewrite: GraphRewrite, node: LogicalNode): boolean =>
  node.kind === 'operator' && node.effect === 'passes' && rewrite.parentsOf(node).length === 1

/** Whether a node gives records their keys, or brings records together some of which have just got them. */
function isRekeyed(rewrite: GraphRewrite, node: LogicalNode): boolean {
  if (node.kind !== 'operator') return false
  if (node.effect === 'passes') return rewrite.parentsOf(node).some((parent) => isRekeyed(rewrite, parent))
  return node.effect === 'rekeys'
}
