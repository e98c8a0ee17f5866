import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type LayoutEdge,
  type LayoutNode,
  layeredLayout,
} from '../../../src/observe/dashboard/picture/layered-layout.js'

const GAPS = { along: 10, across: 5 }

const nodes = (...ids: readonly string[]): LayoutNode[] => ids.map((id) => ({ id, along: 20, across: 10 }))

/** Edges as `a>b`. */
const edges = (...texts: readonly string[]): LayoutEdge[] =>
  texts.map((text) => {
    const [from, to] = text.split('>') as [string, string]
    return { from, to }
  })

describe('a layout in layers', () => {
  test('puts a chain on a line, a layer each', () => {
    const { along, across, places } = layeredLayout(nodes('a', 'b', 'c'), edges('a>b', 'b>c'), GAPS)
    assert.deepEqual([along, across], [80, 10])
    assert.deepEqual(
      [...places.values()],
      [10, 40, 70].map((at) => ({ along: at, across: 5 })),
    )
  })

  test('puts what a node feeds beside each other, and the node before their middle', () => {
    const { across, places } = layeredLayout(nodes('a', 'b', 'c'), edges('a>b', 'a>c'), GAPS)
    assert.equal(across, 25)
    assert.equal(places.get('a')!.across, 12.5)
    assert.deepEqual([places.get('b')!.across, places.get('c')!.across], [5, 20])
  })

  test('has no crossing where none is needed', () => {
    const { places } = layeredLayout(nodes('a', 'b', 'x', 'y'), edges('a>y', 'b>x'), GAPS)
    const above = (one: string, other: string): boolean => places.get(one)!.across < places.get(other)!.across
    assert.equal(above('a', 'b'), above('y', 'x'))
  })

  test('leads an edge over several layers through each of them, beside what is there', () => {
    const { places, bends } = layeredLayout(nodes('a', 'b', 'c'), edges('a>b', 'b>c', 'a>c'), GAPS)
    const [bend] = bends[2]!
    assert.equal(bends[2]!.length, 1)
    assert.equal(bend!.along, places.get('b')!.along)
    assert.ok(Math.abs(bend!.across - places.get('b')!.across) >= 5 + GAPS.across)
  })

  test('puts what goes to the last layer there', () => {
    const [a, b, c, end] = nodes('a', 'b', 'c', 'end')
    const all = [a!, b!, c!, { ...end!, last: true }]
    const { places } = layeredLayout(all, edges('a>b', 'b>c', 'a>end'), GAPS)
    assert.equal(places.get('end')!.along, places.get('c')!.along)
  })

  test('lets an edge go back where it closes a cycle', () => {
    const { places } = layeredLayout(nodes('a', 'b'), edges('a>b', 'b>a'), GAPS)
    assert.ok(places.get('a')!.along < places.get('b')!.along)
  })

  test('of any graph has no two nodes that overlap, and all of them within its bounds', () => {
    const size = fc.integer({ min: 1, max: 60 })
    const graph = fc.integer({ min: 1, max: 12 }).chain((count) => {
      const place = fc.integer({ min: 0, max: count - 1 })
      return fc.tuple(
        fc.array(fc.tuple(size, size), { minLength: count, maxLength: count }),
        fc.array(fc.tuple(place, place), { maxLength: 20 }),
      )
    })
    fc.assert(
      fc.property(graph, ([sizes, links]) => {
        const all = sizes.map(([along, across], id) => ({ id: String(id), along, across }))
        const between = links.map(([from, to]) => ({ from: String(from), to: String(to) }))
        const layout = layeredLayout(all, between, GAPS)
        const boxes = all.map(({ id, along, across }) => ({
          ...layout.places.get(id)!,
          size: { along, across },
        }))
        for (const [index, box] of boxes.entries()) {
          for (const side of ['along', 'across'] as const) {
            assert.ok(box[side] - box.size[side] / 2 >= -1e-6)
            assert.ok(box[side] + box.size[side] / 2 <= layout[side] + 1e-6)
          }
          for (const other of boxes.slice(index + 1)) {
            const apart = (side: 'along' | 'across'): boolean =>
              Math.abs(box[side] - other[side]) >= (box.size[side] + other.size[side]) / 2 - 1e-6
            assert.ok(apart('along') || apart('across'))
          }
        }
      }),
    )
  })
})
