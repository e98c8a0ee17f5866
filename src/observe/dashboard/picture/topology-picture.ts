import type {
  NodeDescription,
  SubTopologyDescription,
  TopologyDescription,
} from '../../topology/topology-description.js'
import { type Layout, type LayoutEdge, layeredLayout, type Point } from './layered-layout.js'
import { nodeLabel, shortened } from './node-label.js'

/** Layers go to the right, or down where there is little width. */
export type Direction = 'right' | 'down'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A way from one thing to the next: its ends, and what it goes through. */
export interface DrawnEdge {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** Between a topic and a sub-topology: the topic, and whether it is read. */
  readonly topic?: { readonly name: string; readonly read: boolean }
  readonly subTopology: number
}

export interface DrawnTopic extends Box {
  readonly name: string
  readonly label: string
  readonly isRead: boolean
  /** Read and written: what goes from one sub-topology to another. */
  readonly internal: boolean
}

export interface DrawnNode extends Box {
  readonly name: string
  readonly label: string
  readonly kind: NodeDescription['kind']
  /** Labels of its stores, below its own. */
  readonly stores: readonly string[]
}

export interface DrawnSubTopology extends Box {
  readonly id: number
  readonly title: string
  readonly nodes: readonly DrawnNode[]
}

/** Everything of a topology in its place, in pixels. */
export interface TopologyPicture {
  readonly width: number
  readonly height: number
  readonly direction: Direction
  readonly topics: readonly DrawnTopic[]
  readonly subTopologies: readonly DrawnSubTopology[]
  readonly edges: readonly DrawnEdge[]
}

/** Of a character, in the type that labels are set in. */
const CHARACTER = 6.7
const PADDING = 12
/** What sub-topologies have room for beside their title. */
const RATE = '1.23K/s'
/** What topics that are read have room for. */
const LAG = 'lag 100,000'
const LINE = 17
const NODE_HEIGHT = 30
const PORT = 10
const TOPIC_HEIGHT = 42
const BOX_PADDING = 18
/** Room for the title above, and as much below, so that ports are in the middle. */
const BOX_TITLE = 12
const MARGIN = 8
const INNER_GAPS = { along: 28, across: 14 }
const OUTER_GAPS = { right: { along: 76, across: 26 }, down: { along: 50, across: 18 } }

interface Size {
  readonly width: number
  readonly height: number
}

/** A sub-topology laid out for itself. */
interface Inside extends Size {
  readonly subTopology: SubTopologyDescription
  readonly title: string
  readonly layout: Layout
  readonly edges: readonly LayoutEdge[]
  readonly sizes: ReadonlyMap<string, Size>
}

/**
 * Draws a topology: topics and sub-topologies in layers, and in each sub-topology its operators. Sources and sinks are ports
 * at which it meets its topics.
 */
export function topologyPicture(description: TopologyDescription, direction: Direction): TopologyPicture {
  const insides = description.subTopologies.map((each) => layOut(each, direction))
  const topics = topicsOf(description)
  const links = linksOf(description)
  const nodes = [
    ...topics.map(({ name, width }) =>
      outerNode(`topic ${name}`, { width, height: TOPIC_HEIGHT }, direction),
    ),
    ...insides.map((inside) => outerNode(`sub ${inside.subTopology.id}`, inside, direction)),
  ]
  const outer = layeredLayout(
    nodes,
    links.map(({ topic, subTopology, read }) =>
      read
        ? { from: `topic ${topic}`, to: `sub ${subTopology}` }
        : { from: `sub ${subTopology}`, to: `topic ${topic}` },
    ),
    OUTER_GAPS[direction],
  )
  const at = (id: string, { width, height }: Size): Box => {
    const { x, y } = toScreen(outer.places.get(id)!, direction)
    return { x: x - width / 2 + MARGIN, y: y - height / 2 + MARGIN, width, height }
  }
  const drawnTopics = topics.map((topic) => ({
    ...topic,
    ...at(`topic ${topic.name}`, { width: topic.width, height: TOPIC_HEIGHT }),
  }))
  const subTopologies = insides.map((inside) =>
    drawInside(inside, at(`sub ${inside.subTopology.id}`, inside), direction),
  )
  const size = toScreen(outer, direction)
  const bends = outer.bends.map((points) =>
    points.map((point) => {
      const { x, y } = toScreen(point, direction)
      return { x: x + MARGIN, y: y + MARGIN }
    }),
  )
  return {
    width: size.x + 2 * MARGIN,
    height: size.y + 2 * MARGIN,
    direction,
    topics: drawnTopics,
    subTopologies: subTopologies.map(({ drawn }) => drawn),
    edges: [
      ...links.map((link, index) => outerEdge(link, drawnTopics, subTopologies, bends[index]!, direction)),
      ...subTopologies.flatMap(({ edges }) => edges),
    ],
  }
}

/** That a sub-topology reads a topic or writes it, at a node. */
interface Link {
  readonly topic: string
  readonly subTopology: number
  readonly node: string
  readonly read: boolean
}

const topicsAt = ({ topics = [], pattern }: NodeDescription): readonly string[] =>
  pattern === undefined || topics.length > 0 ? topics : [`/${pattern}/`]

const linksOf = ({ subTopologies }: TopologyDescription): Link[] =>
  subTopologies.flatMap(({ id, nodes }) =>
    nodes.flatMap((node) =>
      topicsAt(node).map((topic) => ({
        topic,
        subTopology: id,
        node: node.name,
        read: node.kind === 'source',
      })),
    ),
  )

function topicsOf(description: TopologyDescription): (Omit<DrawnTopic, keyof Box> & Pick<Box, 'width'>)[] {
  const links = linksOf(description)
  const isRead = new Set(links.filter(({ read }) => read).map(({ topic }) => topic))
  const isWritten = new Set(links.filter(({ read }) => !read).map(({ topic }) => topic))
  return [...new Set(links.map(({ topic }) => topic))].map((name) => {
    const label = shortened(name)
    return {
      name,
      label,
      isRead: isRead.has(name),
      internal: isRead.has(name) && isWritten.has(name),
      width: widthOf([label, ...(isRead.has(name) ? [LAG] : [])]) + 10,
    }
  })
}

const widthOf = (labels: readonly string[]): number =>
  Math.ceil(Math.max(...labels.map(({ length }) => length)) * CHARACTER) + 2 * PADDING

function layOut(subTopology: SubTopologyDescription, direction: Direction): Inside {
  const { id, global, nodes } = subTopology
  const sizes = new Map(nodes.map((node) => [node.name, sizeOf(node)]))
  const edges = nodes.flatMap(({ name, successors }) => successors.map((to) => ({ from: name, to })))
  const layout = layeredLayout(
    nodes.map((node) => ({
      ...outerNode(node.name, sizes.get(node.name)!, direction),
      last: node.kind === 'sink',
    })),
    edges,
    INNER_GAPS,
  )
  const title = `${global ? 'global' : 'sub-topology'} ${id}`
  const { x, y } = toScreen(layout, direction)
  // What comes in from above comes in the middle: the title is beside it.
  const least = direction === 'right' ? widthOf([`${title}   ${RATE}`]) : 2 * widthOf([title])
  const width = Math.max(x + 2 * BOX_PADDING, least)
  return { subTopology, title, layout, edges, sizes, width, height: y + 2 * (BOX_PADDING + BOX_TITLE) }
}

function sizeOf({ kind, name, stores = [] }: NodeDescription): Size {
  if (kind !== 'processor') return { width: PORT, height: PORT }
  const labels = [nodeLabel(name), ...stores.map((store) => `  ${storeLabel(store)}`)].map((label) =>
    shortened(label),
  )
  return { width: widthOf(labels), height: NODE_HEIGHT + stores.length * LINE }
}

const storeLabel = (store: string): string => shortened(nodeLabel(store.replace('-STATE-STORE', '')))

const outerNode = (id: string, { width, height }: Size, direction: Direction) => ({
  id,
  along: direction === 'right' ? width : height,
  across: direction === 'right' ? height : width,
})

const toScreen = ({ along, across }: Point, direction: Direction): { x: number; y: number } =>
  direction === 'right' ? { x: along, y: across } : { x: across, y: along }

function drawInside(
  { subTopology, title, layout, edges, sizes, width }: Inside,
  box: Box,
  direction: Direction,
): { drawn: DrawnSubTopology; edges: DrawnEdge[] } {
  const inner = toScreen(layout, direction)
  const origin = { x: box.x + (width - inner.x) / 2, y: box.y + BOX_TITLE + BOX_PADDING }
  const onScreen = (point: Point): { x: number; y: number } => {
    const { x, y } = toScreen(point, direction)
    return { x: origin.x + x, y: origin.y + y }
  }
  const nodes = subTopology.nodes.map((node): DrawnNode => {
    const { x, y } = onScreen(layout.places.get(node.name)!)
    const size = sizes.get(node.name)!
    return {
      ...size,
      x: x - size.width / 2,
      y: y - size.height / 2,
      name: node.name,
      label: shortened(nodeLabel(node.name)),
      kind: node.kind,
      stores: (node.stores ?? []).map(storeLabel),
    }
  })
  const byName = new Map(nodes.map((node) => [node.name, node]))
  return {
    drawn: { ...box, id: subTopology.id, title, nodes },
    edges: edges.map(({ from, to }, index) => ({
      subTopology: subTopology.id,
      points: [
        exitOf(byName.get(from)!, direction),
        ...layout.bends[index]!.map(onScreen),
        entryOf(byName.get(to)!, direction),
      ],
    })),
  }
}

function outerEdge(
  { topic: name, subTopology, node, read }: Link,
  topics: readonly DrawnTopic[],
  subTopologies: readonly { readonly drawn: DrawnSubTopology }[],
  bends: readonly { readonly x: number; readonly y: number }[],
  direction: Direction,
): DrawnEdge {
  const topic = topics.find((each) => each.name === name)!
  const { drawn } = subTopologies.find((each) => each.drawn.id === subTopology)!
  const port = drawn.nodes.find((each) => each.name === node)!
  const [from, to] = read ? [topic, port] : [port, topic]
  return {
    topic: { name, read },
    subTopology,
    points: [exitOf(from, direction), ...bends, entryOf(to, direction)],
  }
}

const exitOf = ({ x, y, width, height }: Box, direction: Direction) =>
  direction === 'right' ? { x: x + width, y: y + height / 2 } : { x: x + width / 2, y: y + height }

const entryOf = ({ x, y, width, height }: Box, direction: Direction) =>
  direction === 'right' ? { x, y: y + height / 2 } : { x: x + width / 2, y }
