import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { int64, StreamsBuilder, string } from '../../../src/index.js'
import { describeTopologyAs } from '../../../src/observe/topology/topology-formats.js'

const counting = () => {
  const builder = new StreamsBuilder()
  builder
    .stream('words', { key: string(), value: string(), name: 'read' })
    .groupBy((_, word) => word, { key: string(), value: string(), name: 'by-word' })
    .count({ store: 'counts', name: 'count' })
    .toStream({ name: 'changes' })
    .to('results', { value: int64(), name: 'write-all' })
  return builder.build()
}

describe('a topology as JSON', () => {
  test('has nodes with their topics, stores and successors, by sub-topology', () => {
    const { fingerprint, subTopologies } = JSON.parse(describeTopologyAs(counting(), 'json'))
    assert.equal(fingerprint, counting().fingerprint)
    assert.deepEqual(
      subTopologies.map(({ id, global }: { id: number; global: boolean }) => ({ id, global })),
      [
        { id: 0, global: false },
        { id: 1, global: false },
      ],
    )
    const [first, second] = subTopologies
    assert.deepEqual(first.nodes[0], {
      name: 'read',
      kind: 'source',
      topics: ['words'],
      successors: [first.nodes[1].name],
    })
    assert.deepEqual(second.stores, [{ name: 'counts', kind: 'keyValue', changelog: 'counts-changelog' }])
    assert.deepEqual(
      second.nodes.find(({ name }: { name: string }) => name === 'count'),
      { name: 'count', kind: 'processor', stores: ['counts'], successors: ['changes'] },
    )
    assert.deepEqual(second.nodes.at(-1), {
      name: 'write-all',
      kind: 'sink',
      topics: ['results'],
      successors: [],
    })
  })

  test('tells global sub-topologies and patterns', () => {
    const builder = new StreamsBuilder()
    builder.globalTable('users', { key: string(), value: string(), store: 'users' })
    builder
      .stream(/^clicks-.*/, { key: string(), value: string(), name: 'read' })
      .to('all', { name: 'write' })
    const { subTopologies } = JSON.parse(describeTopologyAs(builder.build(), 'json'))
    const global = subTopologies.find((each: { global: boolean }) => each.global)
    assert.deepEqual(global.stores, [{ name: 'users', kind: 'keyValue' }])
    const [source] = subTopologies.find((each: { global: boolean }) => !each.global).nodes
    assert.deepEqual(source, {
      name: 'read',
      kind: 'source',
      topics: [],
      pattern: '^clicks-.*',
      successors: ['write'],
    })
  })
})

describe('a topology for Mermaid', () => {
  test('draws sub-topologies, the topics between them, and stores', () => {
    const drawn = describeTopologyAs(counting(), 'mermaid')
    assert.match(drawn, /^flowchart TD\n {2}subgraph sub0 \["sub-topology 0"\]\n/)
    const id = (name: string): string => {
      const [, found] = new RegExp(`(\\w+)(?:\\[|\\[\\(|\\{\\{)"${name}"`).exec(drawn) ?? assert.fail(name)
      return found!
    }
    assert.ok(drawn.includes(`  ${id('words')}{{"words"}} --> ${id('read')}\n`))
    assert.ok(drawn.includes(`  ${id('count')} -.- ${id('counts')}\n`))
    assert.ok(drawn.includes(`  ${id('count')} --> ${id('changes')}\n`))
    const repartition = id('by-word-repartition')
    assert.equal(drawn.split(`${repartition}{{"by-word-repartition"}}`).length, 3)
  })
})
