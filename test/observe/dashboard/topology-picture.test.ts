import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { int64, StreamsBuilder, string, TumblingWindows } from '../../../src/index.js'
import { nodeLabel, shortened } from '../../../src/observe/dashboard/picture/node-label.js'
import { type Box, topologyPicture } from '../../../src/observe/dashboard/picture/topology-picture.js'
import { topologyDescription } from '../../../src/observe/topology/topology-description.js'

const texts = { key: string(), value: string() }

function description() {
  const builder = new StreamsBuilder()
  builder
    .stream('lines', texts)
    .groupBy((_, line) => line, texts)
    .windowedBy(TumblingWindows.of('1m'))
    .count({ store: 'words' })
    .toStream(({ key }) => key)
    .to('counts', { key: string(), value: int64() })
  return topologyDescription(builder.build())
}

const right = ({ x, width }: Box): number => x + width
const isWithin = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  right(inner) <= right(outer) &&
  inner.y + inner.height <= outer.y + outer.height

describe('the picture of a topology', () => {
  const picture = topologyPicture(description(), 'right')

  test('has topics and sub-topologies one behind the other', () => {
    const [first, second] = picture.subTopologies
    const at = (name: RegExp) => picture.topics.find((topic) => name.test(topic.name))!
    const places = [at(/^lines$/), first!, at(/repartition$/), second!, at(/^counts$/)]
    for (const [index, box] of places.slice(1).entries()) assert.ok(box.x > right(places[index]!))
  })

  test('tells topics between sub-topologies from those that come in or go out', () => {
    const internal = picture.topics.filter((topic) => topic.internal).map(({ name }) => name)
    assert.equal(internal.length, 1)
    assert.match(internal[0]!, /repartition$/)
  })

  test('has operators in their sub-topology, with their stores', () => {
    for (const { nodes, ...box } of picture.subTopologies) {
      assert.ok(nodes.every((node) => isWithin(node, box)))
    }
    const nodes = picture.subTopologies.flatMap((each) => each.nodes)
    const [counting] = nodes.filter(({ stores }) => stores.length > 0)
    assert.equal(counting!.label, 'aggregate')
    assert.deepEqual(counting!.stores, ['words'])
  })

  test('joins each topic with where it is read or written, at the edge of both', () => {
    const linked = picture.edges.filter(({ topic }) => topic !== undefined)
    assert.equal(linked.length, 4)
    for (const { topic, points } of linked) {
      const box = picture.topics.find(({ name }) => name === topic!.name)!
      const end = topic!.read ? points[0]! : points.at(-1)!
      assert.equal(end.x, topic!.read ? right(box) : box.x)
      assert.equal(end.y, box.y + box.height / 2)
    }
  })

  test('goes down where there is little width', () => {
    const down = topologyPicture(description(), 'down')
    assert.ok(down.width < picture.width)
    const [first, second] = down.subTopologies
    assert.ok(second!.y > first!.y + first!.height)
  })
})

describe('the label of an operator', () => {
  test('is what it does, of a name that was generated, and else the name', () => {
    assert.equal(nodeLabel('KSTREAM-AGGREGATE-0000000003'), 'aggregate')
    assert.equal(nodeLabel('KTABLE-TOSTREAM-0000000005'), 'to stream')
    assert.equal(nodeLabel('KSTREAM-MAPVALUES-0000000005'), 'map values')
    assert.equal(nodeLabel('my-own-name'), 'my-own-name')
  })

  test('is cut in the middle where it is long', () => {
    assert.equal(shortened('short'), 'short')
    assert.equal(shortened('a-very-long-name', 9), 'a-ve…name')
  })
})
