import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder, type StreamsBuilderOptions } from '../../src/dsl/streams-builder.js'
import { int32 } from '../../src/serdes/int32.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import type { BuildOptions } from '../../src/topology/optimization.js'
import { TopologyError } from '../../src/topology/topology-error.js'
import { JoinWindows } from '../../src/windows/join-windows.js'
import { stream, strings } from './golden/golden-topology.js'

const plus = (left: string, right: string) => left + right

/** Shapes that change; each writes to `out`. */
const SHAPES: Readonly<Record<string, (builder: StreamsBuilder) => void>> = {
  'aggregations after one map': (builder) => {
    const mapped = stream(builder).map((key, value): [string, string] => [value, key])
    mapped.groupByKey(strings).count({ store: 'counts' }).toStream().mapValues(String).to('out', strings)
    mapped.groupByKey(strings).reduce(plus, { store: 'texts' }).toStream().to('out-too', strings)
  },
  'a filter, a sink and a split between': (builder) => {
    const selected = stream(builder).selectKey((_, value) => (value === 'a' ? null : value))
    const filtered = selected.filterNot((_, value) => value === 'b')
    filtered.to('out-too', strings as never)
    const { one, rest } = filtered
      .split({ name: 'kind-' })
      .branch((_, value) => value.startsWith('c'), { name: 'one' })
      .defaultBranch({ name: 'rest' })
    one
      .groupByKey(strings as never)
      .reduce(plus, { store: 'ones' })
      .toStream()
      .to('out', strings as never)
    rest
      .groupByKey(strings as never)
      .reduce(plus, { store: 'rest' })
      .toStream()
      .to('out', strings as never)
  },
  'streams with new keys that are merged, one of them counted alone too': (builder) => {
    const left = stream(builder).selectKey((_, value) => value)
    const right = stream(builder, 'other').selectKey((_, value) => value)
    left
      .groupByKey({ ...strings, name: 'alone' })
      .reduce(plus, { store: 'alone' })
      .toStream()
      .to('out-too', strings)
    left
      .merge(right)
      .groupByKey({ ...strings, name: 'both' })
      .reduce(plus, { store: 'both' })
      .toStream()
      .to('out', strings)
  },
  'a join of a stream with itself after new keys': (builder) => {
    const selected = stream(builder).selectKey((_, value) => value)
    selected
      .join(selected, plus, JoinWindows.of(5).grace(1000), { key: string(), name: 'both', store: 'both' })
      .to('out', { value: string() })
  },
  'a join of a stream with itself, timed by watermarks': (builder) => {
    const selected = builder
      .stream('in', { ...strings, watermark: Watermarks.monotonous() })
      .selectKey((_, value) => value)
    selected
      .join(selected, plus, JoinWindows.of(5).grace(1000), { key: string(), name: 'both', store: 'both' })
      .to('out', { value: string() })
  },
  'a table of a topic': (builder) => {
    builder
      .table('in', { ...strings, store: 'rows' })
      .groupBy((_, value) => [value, value], { ...strings, name: 'by-value' })
      .reduce(plus, (all, gone) => all.replace(gone, ''), { store: 'texts' })
      .toStream()
      .to('out', strings as never)
  },
}

const built = (
  shape: (builder: StreamsBuilder) => void,
  options?: BuildOptions,
  of?: StreamsBuilderOptions,
) => {
  const builder = new StreamsBuilder(of)
  shape(builder)
  return builder.build(options)
}

const letters = fc.constantFrom('a', 'b', 'c')
const inputs = fc.array(fc.record({ key: letters, value: letters, other: fc.boolean() }), { maxLength: 30 })

describe('an optimized topology', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    test(`of ${name} gives the same results`, () => {
      fc.assert(
        fc.property(inputs, (records) => {
          const results = (['none', 'all'] as const).map((optimization) => {
            const topology = built(shape, { optimization })
            using driver = new TopologyTestDriver(topology)
            const read = topology.subTopologies.flatMap(({ sourceTopics }) => sourceTopics)
            for (const [at, { key, value, other }] of records.entries()) {
              const topic = other && read.includes('other') ? 'other' : 'in'
              driver.createInputTopic(topic, strings).pipe(key, value, { timestamp: at })
            }
            return ['out', 'out-too'].map((topic) => driver.createOutputTopic(topic, strings).readAll())
          })
          assert.deepEqual(results[1], results[0])
        }),
      )
    })
  }

  test('is the one that was built where nothing is optimized', () => {
    for (const shape of Object.values(SHAPES)) {
      assert.equal(built(shape, { optimization: [] }).fingerprint, built(shape).fingerprint)
    }
  })

  test('is another one to the application that has run, whose topics or stores are others', () => {
    for (const name of ['aggregations after one map', 'a table of a topic'] as const) {
      const shape = SHAPES[name]!
      assert.notEqual(built(shape, { optimization: 'all' }).fingerprint, built(shape).fingerprint)
    }
  })

  test('sends records through a topic each where their serdes differ', () => {
    const topology = built(
      (builder) => {
        const selected = stream(builder).selectKey((_, value) => value)
        selected.groupByKey({ ...strings, name: 'texts' }).count({ store: 'texts' })
        selected
          .groupByKey({ key: string(), value: int32() as never, name: 'numbers' })
          .count({ store: 'numbers' })
      },
      { optimization: 'all' },
    )
    const topics = topology.subTopologies.flatMap(({ repartitionSources }) => repartitionSources)
    assert.deepEqual(topics.map(({ name }) => name).sort(), ['numbers-repartition', 'texts-repartition'])
  })

  test('needs names only for the topics that are left', () => {
    const shape = (builder: StreamsBuilder) => {
      const selected = stream(builder).selectKey((_, value) => value)
      selected.groupByKey({ ...strings, name: 'by-value' }).count({ store: 'counts' })
      selected.join(stream(builder, 'other'), plus, JoinWindows.of(5), { key: string(), store: 'both' })
    }
    built(shape, { optimization: ['merge-repartitions'] }, { ensureExplicitNames: true })
    assert.throws(() => built(shape, {}, { ensureExplicitNames: true }), TopologyError)
  })
})

describe('a source topic takes the place of a changelog', () => {
  const changelogOf = (options: object, logging = true) => {
    const topology = built(
      (builder) => builder.table('in', { ...strings, store: 'rows', logging, ...options }),
      { optimization: ['reuse-source-topics'] },
    )
    const [store] = topology.subTopologies[0]!.stores
    return store!.sourceTopic ?? (store!.logging ? 'a changelog' : 'none')
  }

  test('where its records are the rows', () => assert.equal(changelogOf({}), 'in'))

  for (const [name, options] of Object.entries({
    'a timestamp extractor': { timestamp: () => 1 },
    'versions, which are rows of their own': { historyRetention: '1h', caching: false },
    'an offset reset that leaves records out': { offsetReset: 'latest' },
  })) {
    test(`but not with ${name}`, () => assert.equal(changelogOf(options), 'a changelog'))
  }

  test('nor where the user wants none', () => assert.equal(changelogOf({}, false), 'none'))
})
