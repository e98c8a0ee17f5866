import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import type { TopologyNode } from '../../src/topology/sub-topology.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import { stream, strings } from './golden/golden-topology.js'

const successorsOf = (nodes: readonly TopologyNode[], name: string) => {
  const node = nodes.find((candidate) => candidate.name === name)
  return node === undefined || node.kind === 'sink' ? [] : node.successors
}

describe('sub-topologies', () => {
  test('end at a repartition topic, and the next one begins there', () => {
    const builder = new StreamsBuilder()
    builder
      .stream(['a', 'b'], strings)
      .groupBy((_, value) => value, { key: string(), name: 'by-value' })
      .count({ store: 'counts' })
    const [first, second, ...others] = builder.build().subTopologies
    assert.deepEqual(others, [])
    assert.deepEqual(first!.sourceTopics, ['a', 'b'])
    assert.deepEqual(first!.repartitionSources, [])
    assert.deepEqual(first!.repartitionSinks, ['by-value-repartition'])
    assert.deepEqual(first!.stores, [])
    assert.deepEqual(second!.sourceTopics, [])
    assert.deepEqual(second!.repartitionSources, [{ name: 'by-value-repartition' }])
    assert.deepEqual(second!.repartitionSinks, [])
    assert.deepEqual(
      second!.stores.map(({ name }) => name),
      ['counts'],
    )
  })

  test('are one where streams merge', () => {
    const builder = new StreamsBuilder()
    stream(builder, 'a').merge(stream(builder, 'b')).to('out')
    const [only, ...others] = builder.build().subTopologies
    assert.deepEqual(others, [])
    assert.deepEqual(only!.sourceTopics, ['a', 'b'])
  })

  test('are two where one writes a topic that the other reads', () => {
    const builder = new StreamsBuilder()
    stream(builder, 'a').to('b')
    stream(builder, 'b').to('c')
    const topics = builder.build().subTopologies.map(({ id, sourceTopics }) => [id, sourceTopics])
    assert.deepEqual(topics, [
      [0, ['a']],
      [1, ['b']],
    ])
  })

  test('list children in the order of their creation, which is the order in which they get a record', () => {
    const builder = new StreamsBuilder()
    const input = builder.stream('in', { ...strings, name: 'in' })
    input.to('z', { name: 'first' })
    input.filter(() => true, { name: 'second' })
    input.to('a', { name: 'third' })
    const { nodes } = builder.build().subTopologies[0]!
    assert.deepEqual(successorsOf(nodes, 'in'), ['first', 'second', 'third'])
  })

  test('ask for the partitions that the user asks for', () => {
    const builder = new StreamsBuilder()
    stream(builder).repartition({ name: 'wide', partitions: 12 }).to('out')
    assert.deepEqual(builder.build().subTopologies[1]!.repartitionSources, [
      { name: 'wide-repartition', partitions: 12 },
    ])
  })

  test('hold what the source was told', () => {
    const builder = new StreamsBuilder()
    const timestamp = () => 1
    builder.stream('in', { ...strings, timestamp, offsetReset: 'latest' })
    const [source] = builder.build().subTopologies[0]!.nodes
    assert.ok(source?.kind === 'source')
    assert.equal(source.timestamp, timestamp)
    assert.equal(source.offsetReset, 'latest')
  })
})

describe('repartitioning', () => {
  const internalTopics = (build: (builder: StreamsBuilder) => void) => {
    const builder = new StreamsBuilder()
    build(builder)
    return builder.build().subTopologies.flatMap(({ repartitionSinks }) => repartitionSinks)
  }

  test('does not follow from a new key alone', () => {
    const topics = internalTopics((builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .to('out', strings)
    })
    assert.deepEqual(topics, [])
  })

  test('does not follow where the key is unchanged', () => {
    const topics = internalTopics((builder) => {
      stream(builder)
        .mapValues((value) => value.length)
        .groupByKey()
        .count()
    })
    assert.deepEqual(topics, [])
  })

  test('follows where an operator changed the key, however far back', () => {
    const topics = internalTopics((builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .filter(() => true)
        .mapValues((value) => value)
        .groupByKey(strings)
        .count({ store: 'counts' })
    })
    assert.deepEqual(topics, ['counts-repartition'])
  })

  test('is not repeated after an explicit one', () => {
    const topics = internalTopics((builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .repartition({ name: 'mine', key: string() })
        .groupByKey()
        .count()
    })
    assert.deepEqual(topics, ['mine-repartition'])
  })

  test('does not follow from a key-changing function on a table alone', () => {
    const topics = internalTopics((builder) => {
      stream(builder)
        .groupByKey()
        .count()
        .toStream((key) => key)
        .to('out', { key: string() })
    })
    assert.deepEqual(topics, [])
  })
})

describe('stores', () => {
  const storeOf = (build: (builder: StreamsBuilder) => void) => {
    const builder = new StreamsBuilder()
    build(builder)
    return builder.build().subTopologies.flatMap(({ stores }) => stores)[0]!
  }

  test('of a windowed aggregation keep a window for size + grace', () => {
    const store = storeOf((builder) => {
      stream(builder)
        .groupByKey()
        .windowedBy(TumblingWindows.of('1h').grace('36h'))
        .count({ store: 'counts' })
    })
    assert.deepEqual(
      { ...store, key: store.key.name, value: store.value.name },
      {
        kind: 'window',
        name: 'counts',
        key: 'string',
        value: 'int64',
        caching: true,
        logging: true,
        storage: 'disk',
        windowSize: 3_600_000,
        retention: 37 * 3_600_000,
      },
    )
  })

  test('keep a window longer where asked', () => {
    const store = storeOf((builder) => {
      stream(builder).groupByKey().windowedBy(TumblingWindows.of('1h')).count({ retention: '7d' })
    })
    assert.ok(store.kind === 'window')
    assert.equal(store.retention, 7 * 86_400_000)
  })

  test('take serdes, caching, logging and storage from the options', () => {
    const store = storeOf((builder) => {
      const options = {
        store: 'sums',
        value: int64(),
        caching: false,
        logging: false,
        storage: 'memory' as const,
      }
      stream(builder)
        .groupByKey()
        .aggregate(
          () => 0,
          (_, value, sum) => sum + value.length,
          options,
        )
    })
    assert.deepEqual(
      { ...store, key: store.key.name, value: store.value.name },
      {
        kind: 'keyValue',
        name: 'sums',
        key: 'string',
        value: 'int64',
        caching: false,
        logging: false,
        storage: 'memory',
      },
    )
  })
})
