import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { json } from '../../src/serdes/json.js'
import { string } from '../../src/serdes/string.js'
import type { AnySinkNode, TopologyNode } from '../../src/topology/sub-topology.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'

const isSink = (node: TopologyNode): node is AnySinkNode => node.kind === 'sink'

/** The serdes with which the one output topic is written. */
function outputSerdes(build: (builder: StreamsBuilder) => void): [key: string, value: string] {
  const builder = new StreamsBuilder()
  build(builder)
  const nodes = builder.build().subTopologies.flatMap((subTopology) => subTopology.nodes)
  const sink = nodes.filter(isSink).find(({ topic }) => topic === 'out')!
  return [sink.key.name, sink.value.name]
}

describe('StreamsBuilder', () => {
  test('builds the same topology as often as asked', () => {
    const builder = new StreamsBuilder()
    builder.stream('in', { key: string(), value: string() }).groupByKey().count().toStream().to('out')
    const first = builder.build()
    const second = builder.build()
    assert.deepEqual(second, first)
    assert.equal(second.describe(), first.describe())
  })

  test('can be built on after build(), which leaves earlier topologies as they are', () => {
    const builder = new StreamsBuilder()
    const input = builder.stream('in', { key: string(), value: string() })
    input.to('out')
    const before = builder.build()
    const text = before.describe()
    input.to('more')
    assert.equal(before.describe(), text)
    assert.match(builder.build().describe(), /topic: more/)
  })

  test('counts generated names on by named operators, so that naming one renames no other', () => {
    const names = (name: string | undefined) => {
      const builder = new StreamsBuilder()
      builder
        .stream('in', { key: string(), value: string() })
        .filter(() => true, { name })
        .to('out')
      return builder.build().subTopologies[0]!.nodes.map((node) => node.name)
    }
    assert.deepEqual(names(undefined), [
      'KSTREAM-SOURCE-0000000000',
      'KSTREAM-FILTER-0000000001',
      'KSTREAM-SINK-0000000002',
    ])
    assert.deepEqual(names('kept'), ['KSTREAM-SOURCE-0000000000', 'kept', 'KSTREAM-SINK-0000000002'])
  })
})

describe('a stream knows its serdes', () => {
  test('from the topic, through operators that keep key and value', () => {
    const serdes = outputSerdes((builder) => {
      builder
        .stream('in', { key: string(), value: json<{ a: number }>() })
        .filter((_, { a }) => a > 0)
        .filterNot((_, { a }) => a > 9)
        .peek(() => {})
        .to('out')
    })
    assert.deepEqual(serdes, ['string', 'json'])
  })

  test('from the branches of a split', () => {
    const serdes = outputSerdes((builder) => {
      const { all } = builder
        .stream('in', { key: string(), value: json<number>() })
        .split()
        .branch(() => true, { name: 'all' })
        .noDefaultBranch()
      all.to('out')
    })
    assert.deepEqual(serdes, ['string', 'json'])
  })

  test('from merged streams of equal serdes', () => {
    const serdes = outputSerdes((builder) => {
      const options = () => ({ key: string(), value: json<number>() })
      builder.stream('a', options()).merge(builder.stream('b', options())).to('out')
    })
    assert.deepEqual(serdes, ['string', 'json'])
  })

  test('from a count, whose values are 64-bit integers', () => {
    const serdes = outputSerdes((builder) => {
      builder.stream('in', { key: string(), value: json<number>() }).groupByKey().count().toStream().to('out')
    })
    assert.deepEqual(serdes, ['string', 'int64'])
  })

  test('from a windowed aggregation, whose keys are windowed', () => {
    const serdes = outputSerdes((builder) => {
      builder
        .stream('in', { key: string(), value: json<number>() })
        .groupByKey()
        .windowedBy(TumblingWindows.of('1m'))
        .reduce((sum, value) => sum + value)
        .toStream()
        .to('out')
    })
    assert.deepEqual(serdes, ['windowed(string)', 'json'])
  })

  test('unless it is given another', () => {
    const serdes = outputSerdes((builder) => {
      builder
        .stream('in', { key: string(), value: string() })
        .to('out', { key: json<string>(), value: json<string>() })
    })
    assert.deepEqual(serdes, ['json', 'json'])
  })
})
