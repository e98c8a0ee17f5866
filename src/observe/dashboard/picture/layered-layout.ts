/** What is to be placed; sizes along the direction of the layers and across it. */
export interface LayoutNode {
  readonly id: string
  readonly along: number
  readonly across: number
  /** Goes to the last layer, whatever it could be in. */
  readonly last?: boolean
}

export interface LayoutEdge {
  readonly from: string
  readonly to: string
}

/** Where something is: its middle. */
export interface Point {
  readonly along: number
  readonly across: number
}

export interface Layout {
  readonly along: number
  readonly across: number
  /** Middles of the nodes, by id. */
  readonly places: ReadonlyMap<string, Point>
  /** What the edges go through between their ends, in the order of the edges. */
  readonly bends: readonly (readonly Point[])[]
}

export interface LayoutGaps {
  /** Between layers. */
  readonly along: number
  /** Between the nodes of a layer. */
  readonly across: number
}

/** So often orders and places are taken from the neighbours before and behind, in turn. */
const SWEEPS = 8

/** A node, or where an edge passes a layer. */
interface Item {
  readonly along: number
  readonly across: number
  readonly before: Item[]
  readonly behind: Item[]
  layer: number
  place: number
}

/**
 * Places a graph in layers, so that edges go forward (after Sugiyama): each node as early as its predecessors let it, edges
 * over several layers in lanes of their own, crossings lessened by the mean place of neighbours. An edge that closes a
 * cycle goes back.
 */
export function layeredLayout(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  gaps: LayoutGaps,
): Layout {
  const items = new Map(nodes.map((node) => [node.id, itemOf(node.along, node.across)]))
  assignLayers(nodes, edges, items)
  const lanes = edges.map((edge) => lane(items.get(edge.from)!, items.get(edge.to)!))
  const layers = layersOf([...items.values(), ...lanes.flat()])
  for (let sweep = 0; sweep < SWEEPS; sweep++) order(layers, sweep % 2 === 0)
  const across = spread(layers, gaps.across)
  const middles = stack(layers, gaps.along)
  const pointOf = ({ layer, place }: Item): Point => ({ along: middles.at[layer]!, across: place })
  return {
    along: middles.along,
    across,
    places: new Map([...items].map(([id, item]) => [id, pointOf(item)])),
    bends: lanes.map((lane) => lane.map(pointOf)),
  }
}

const itemOf = (along: number, across: number): Item => ({
  along,
  across,
  before: [],
  behind: [],
  layer: 0,
  place: 0,
})

/** The longest way from a node without predecessors; edges back to where a way came from do not count. */
function assignLayers(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  items: ReadonlyMap<string, Item>,
): void {
  const successors = new Map<string, string[]>(nodes.map(({ id }) => [id, []]))
  for (const { from, to } of edges) successors.get(from)!.push(to)
  const done: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const forward: LayoutEdge[] = []
  const visit = (id: string): void => {
    state.set(id, 'open')
    for (const to of successors.get(id)!) {
      if (state.get(to) === 'open') continue
      forward.push({ from: id, to })
      if (state.get(to) === undefined) visit(to)
    }
    state.set(id, 'done')
    done.push(id)
  }
  for (const { id } of nodes) if (state.get(id) === undefined) visit(id)
  for (const id of done.reverse()) {
    for (const { from, to } of forward) {
      if (from !== id) continue
      items.get(to)!.layer = Math.max(items.get(to)!.layer, items.get(from)!.layer + 1)
    }
  }
  const last = Math.max(0, ...[...items.values()].map(({ layer }) => layer))
  for (const { id, last: isLast } of nodes) if (isLast) items.get(id)!.layer = last
}

/** Joins two items, by one item in each layer between them. */
function lane(from: Item, to: Item): Item[] {
  const passes: Item[] = []
  let previous = from
  for (let layer = from.layer + 1; layer < to.layer; layer++) {
    const pass = itemOf(0, 0)
    pass.layer = layer
    join(previous, pass)
    passes.push(pass)
    previous = pass
  }
  if (to.layer > from.layer) join(previous, to)
  return passes
}

function join(before: Item, behind: Item): void {
  before.behind.push(behind)
  behind.before.push(before)
}

function layersOf(items: readonly Item[]): Item[][] {
  const layers: Item[][] = []
  for (const item of items) {
    while (layers.length <= item.layer) layers.push([])
    layers[item.layer]!.push(item)
  }
  for (const layer of layers) renumber(layer)
  return layers
}

function renumber(layer: readonly Item[]): void {
  for (const [place, item] of layer.entries()) item.place = place
}

/** Sorts each layer by the mean place of the neighbours on one side. */
function order(layers: Item[][], forward: boolean): void {
  for (const layer of forward ? layers : layers.toReversed()) {
    const wanted = new Map(layer.map((item) => [item, meanPlace(forward ? item.before : item.behind, item)]))
    layer.sort((left, right) => wanted.get(left)! - wanted.get(right)!)
    renumber(layer)
  }
}

const meanPlace = (neighbours: readonly Item[], item: Item): number =>
  neighbours.length === 0
    ? item.place
    : neighbours.reduce((sum, { place }) => sum + place, 0) / neighbours.length

/** Gives places across, near those of neighbours, without overlaps. @returns how far it goes */
function spread(layers: readonly Item[][], gap: number): number {
  for (const layer of layers) pack(layer, gap, () => 0)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0
    for (const layer of forward ? layers : layers.toReversed()) {
      pack(layer, gap, (item) => meanPlace(forward ? item.before : item.behind, item))
    }
  }
  const all = layers.flat()
  const first = Math.min(...all.map(({ place, across }) => place - across / 2))
  for (const item of all) item.place -= first
  return Math.max(...all.map(({ place, across }) => place + across / 2))
}

/** Puts the items of a layer in their order where they want to be, and where they are in each other's way around that. */
function pack(layer: readonly Item[], gap: number, wanted: (item: Item) => number): void {
  // Blocks of items that touch; one that would overlap the block before becomes part of it.
  const blocks: { items: Item[]; start: number; length: number; wishes: number }[] = []
  for (const item of layer) {
    let block = { items: [item], start: 0, length: item.across, wishes: wanted(item) - item.across / 2 }
    block.start = block.wishes
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      if (before.start + before.length + gap <= block.start) break
      blocks.pop()
      const offset = before.length + gap
      const wishes = before.wishes + block.wishes - block.items.length * offset
      const items = [...before.items, ...block.items]
      block = { items, start: wishes / items.length, length: offset + block.length, wishes }
    }
    blocks.push(block)
  }
  for (const { items, start } of blocks) {
    let at = start
    for (const item of items) {
      item.place = at + item.across / 2
      at += item.across + gap
    }
  }
}

/** The middles of the layers, one behind the other. */
function stack(layers: readonly Item[][], gap: number): { at: number[]; along: number } {
  const at: number[] = []
  let along = 0
  for (const layer of layers) {
    const size = Math.max(0, ...layer.map((item) => item.along))
    at.push(along + size / 2)
    along += size + gap
  }
  return { at, along: Math.max(0, along - gap) }
}
