import type { TopologyDescription } from '../../topology/topology-description.js'
import {
  type Box,
  type Direction,
  type DrawnEdge,
  type DrawnNode,
  type DrawnSubTopology,
  type DrawnTopic,
  type TopologyPicture,
  topologyPicture,
} from '../picture/topology-picture.js'
import type { Status, TopicStatus } from '../status.js'
import { byId, setText, svg } from './elements.js'
import { brief, count } from './format.js'

/** It is drawn smaller than that only where it does not fit; then there is a scroll bar. */
const SMALLEST = 0.8
/** Records a second below which nothing is drawn as flowing. */
const STILL = 0.05
/** Between a topic and the middle of what is written by it. */
const LABEL_AWAY = 36

/** What changes of a drawn edge. */
interface EdgeView {
  readonly edge: DrawnEdge
  readonly flow: SVGPathElement
  readonly label: SVGTextElement | undefined
}

/** The topology, with what flows through it. */
export class TopologyView {
  private readonly container = byId('topology')
  private edges: readonly EdgeView[] = []
  private readonly notes = new Map<string, SVGTextElement>()
  private readonly rates = new Map<number, SVGTextElement>()
  private latest: Status | undefined
  private drawnFor: number | undefined

  constructor(private readonly description: TopologyDescription) {
    new ResizeObserver(() => this.draw()).observe(this.container)
  }

  show(status: Status): void {
    this.latest = status
    const topics = new Map(status.topics.map((topic) => [topic.topic, topic]))
    const rates = new Map(status.subTopologies.map(({ id, recordsPerSecond }) => [id, recordsPerSecond]))
    for (const view of this.edges) showEdge(view, rateOf(view.edge, topics, rates))
    for (const [topic, note] of this.notes) setText(note, noteOf(topics.get(topic)))
    for (const [id, rate] of this.rates) setText(rate, rateText(rates.get(id) ?? null))
  }

  private draw(): void {
    const width = this.container.clientWidth
    if (width === this.drawnFor) return
    this.drawnFor = width
    const picture = this.pictureFor(width)
    const { direction } = picture
    const scale = Math.min(1, Math.max(SMALLEST, width / picture.width))
    this.notes.clear()
    this.rates.clear()
    this.edges = picture.edges.map((edge) => edgeView(edge, direction))
    const drawn = svg(
      'svg',
      {
        viewBox: `0 0 ${picture.width} ${picture.height}`,
        width: picture.width * scale,
        height: picture.height * scale,
        role: 'img',
        'aria-label': summaryOf(picture),
      },
      svg('defs', {}, arrow()),
      ...picture.subTopologies.map((each) => this.subTopologyBox(each)),
      ...this.edges.flatMap(({ edge, flow }) => [pathOf(edge, direction, 'edge'), flow]),
      ...picture.subTopologies.flatMap(({ nodes }) => nodes.map(nodeBox)),
      ...picture.topics.map((topic) => this.topicBox(topic)),
      ...this.edges.flatMap(({ label }) => label ?? []),
    )
    this.container.replaceChildren(drawn)
    if (this.latest !== undefined) this.show(this.latest)
  }

  /** To the right where that fits, else down. */
  private pictureFor(width: number): TopologyPicture {
    const right = topologyPicture(this.description, 'right')
    return right.width * SMALLEST <= width ? right : topologyPicture(this.description, 'down')
  }

  private subTopologyBox({ id, title, ...box }: DrawnSubTopology): SVGGElement {
    const rate = svg('text', { class: 'rate', x: box.x + box.width - 14, y: box.y + 21 })
    this.rates.set(id, rate)
    return svg(
      'g',
      { class: 'sub-topology' },
      rect(box, 10),
      svg('text', { x: box.x + 14, y: box.y + 21 }, title),
      rate,
    )
  }

  private topicBox({ name, label, internal, isRead, ...box }: DrawnTopic): SVGGElement {
    const x = box.x + box.width / 2
    const middle = box.y + box.height / 2
    const note = svg('text', { class: 'topic-note', x, y: middle + 13 })
    if (isRead) this.notes.set(name, note)
    return svg(
      'g',
      { class: internal ? 'topic internal' : 'topic' },
      svg('title', {}, name),
      rect(box, box.height / 2),
      svg('text', { x, y: middle + (isRead ? -3 : 4) }, label),
      note,
    )
  }
}

/** What goes along an edge. Within a sub-topology only whether anything does is known, not how much where. */
function rateOf(
  { topic, subTopology }: DrawnEdge,
  topics: ReadonlyMap<string, TopicStatus>,
  rates: ReadonlyMap<number, number | null>,
): { readonly flows: boolean; readonly shown: string } {
  if (topic === undefined) return { flows: (rates.get(subTopology) ?? 0) > STILL, shown: '' }
  const status = topics.get(topic.name)
  const rate = (topic.read ? status?.readPerSecond : status?.writtenPerSecond) ?? null
  return { flows: (rate ?? 0) > STILL, shown: rateText(rate) }
}

const rateText = (rate: number | null): string => (rate === null ? '' : `${brief(rate)}/s`)

const noteOf = (topic: TopicStatus | undefined): string =>
  topic === undefined || topic.lag === null ? '' : `lag ${count(topic.lag)}`

function showEdge({ flow, label }: EdgeView, { flows, shown }: ReturnType<typeof rateOf>): void {
  flow.classList.toggle('flowing', flows)
  if (label !== undefined) setText(label, shown)
}

function edgeView(edge: DrawnEdge, direction: Direction): EdgeView {
  const flow = pathOf(edge, direction, 'flow')
  const { topic, points } = edge
  if (topic === undefined) return { edge, flow, label: undefined }
  // By the topic, so that it is beside the sub-topology, not in it.
  const at = topic.read ? points[0]! : points.at(-1)!
  const away = topic.read ? LABEL_AWAY : -LABEL_AWAY
  const place =
    direction === 'right'
      ? { x: at.x + away, y: at.y - 8, 'text-anchor': 'middle' }
      : { x: at.x + 10, y: at.y + away / 2 + 4, 'text-anchor': 'start' }
  return { edge, flow, label: svg('text', { class: 'edge-label', ...place }) }
}

function pathOf({ points }: DrawnEdge, direction: Direction, kind: string): SVGPathElement {
  const [first, ...rest] = points
  let from = first!
  let d = `M${from.x} ${from.y}`
  for (const to of rest) {
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
    d +=
      direction === 'right'
        ? `C${middle.x} ${from.y} ${middle.x} ${to.y} ${to.x} ${to.y}`
        : `C${from.x} ${middle.y} ${to.x} ${middle.y} ${to.x} ${to.y}`
    from = to
  }
  return svg('path', { class: kind, d, ...(kind === 'edge' && { 'marker-end': 'url(#arrow)' }) })
}

const arrow = (): SVGMarkerElement =>
  svg(
    'marker',
    { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
    svg('path', { class: 'arrow', d: 'M0 0L8 4L0 8Z' }),
  )

const rect = ({ x, y, width, height }: Box, radius: number): SVGRectElement =>
  svg('rect', { x, y, width, height, rx: radius })

function nodeBox({ kind, name, label, stores, ...box }: DrawnNode): SVGGElement {
  if (kind !== 'processor') {
    const center = { cx: box.x + box.width / 2, cy: box.y + box.height / 2, r: box.width / 2 }
    return svg('g', { class: 'port' }, svg('title', {}, name), svg('circle', center))
  }
  return svg(
    'g',
    { class: 'node' },
    svg('title', {}, [name, ...stores.map((store) => `store ${store}`)].join('\n')),
    rect(box, 6),
    svg('text', { x: box.x + 12, y: box.y + 19 }, label),
    ...stores.map((store, at) =>
      svg('text', { class: 'store', x: box.x + 12, y: box.y + 36 + at * 17 }, `◫ ${store}`),
    ),
  )
}

/** The picture in words. */
function summaryOf({ topics, subTopologies, edges }: TopologyPicture): string {
  const at = (id: number, read: boolean): string =>
    [
      ...new Set(
        edges.flatMap(({ topic, subTopology }) =>
          subTopology === id && topic?.read === read ? topic.name : [],
        ),
      ),
    ].join(' and ')
  const parts = subTopologies.map(({ id, title, nodes }) => {
    const operators = nodes.filter(({ kind }) => kind === 'processor').map(({ label }) => label)
    const output = at(id, false)
    return `${title} reads ${at(id, true)}${operators.length > 0 ? `, does ${operators.join(', ')}` : ''}${output === '' ? '' : ` and writes ${output}`}`
  })
  return `${topics.length} topics; ${parts.join('; ')}`
}
