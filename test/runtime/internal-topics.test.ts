import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { JoinWindows, type KStream, StreamsBuilder, string } from '../../src/index.js'
import {
  CoPartitioningError,
  internalTopics,
  MissingSourceTopicError,
} from '../../src/runtime/internal-topics.js'
import type { AnyStoreDefinition } from '../../src/state/store-definition.js'
import type { SubTopology } from '../../src/topology/sub-topology.js'

const subTopology = (id: number, parts: Partial<SubTopology>): SubTopology => ({
  id,
  nodes: [],
  stores: [],
  sourceTopics: [],
  repartitionSources: [],
  repartitionSinks: [],
  coPartitionings: [],
  ...parts,
})

const store = (name: string, kind: 'keyValue' | 'window', logging = true): AnyStoreDefinition =>
  ({ name, kind, logging, caching: true }) as AnyStoreDefinition

describe('internal topics', () => {
  const topology = [
    subTopology(0, { sourceTopics: ['orders'], repartitionSinks: ['totals-repartition'] }),
    subTopology(1, {
      repartitionSources: [{ name: 'totals-repartition' }],
      stores: [store('totals', 'keyValue'), store('hours', 'window'), store('scratch', 'keyValue', false)],
    }),
  ]
  const specs = internalTopics(topology, 'app', (topic) => (topic === 'orders' ? 6 : undefined))
  const byTopic = new Map(specs.map((spec) => [spec.topic, spec]))

  test('are named with the application id, and only logged stores have a changelog', () => {
    assert.deepEqual(
      [...byTopic.keys()],
      ['app-totals-repartition', 'app-totals-changelog', 'app-hours-changelog'],
    )
  })

  test('take their partitions from the sub-topology upstream', () => {
    assert.deepEqual(
      specs.map((spec) => spec.partitions),
      [6, 6, 6],
    )
  })

  test('a repartition topic has the partitions that were asked for, and so have the changelogs behind it', () => {
    const asked = internalTopics(
      [
        topology[0]!,
        { ...topology[1]!, repartitionSources: [{ name: 'totals-repartition', partitions: 3 }] },
      ],
      'app',
      () => 6,
    )
    assert.deepEqual(
      asked.map((spec) => spec.partitions),
      [3, 3, 3],
    )
  })

  test("no topic is cleaned by the broker's clock", () => {
    for (const spec of specs) {
      assert.equal(spec.configs['message.timestamp.type'], 'CreateTime')
      if (spec.configs['cleanup.policy'] !== 'compact') assert.equal(spec.configs['retention.ms'], '-1')
    }
    assert.equal(byTopic.get('app-hours-changelog')!.configs['cleanup.policy'], 'compact,delete')
    assert.equal(byTopic.get('app-totals-changelog')!.configs['cleanup.policy'], 'compact')
  })

  test('a missing source topic is named', () => {
    assert.throws(
      () => internalTopics(topology, 'app', () => undefined),
      (error) => error instanceof MissingSourceTopicError && error.message.includes("'orders'"),
    )
  })
})

describe('the topics of a join', () => {
  const windows = JoinWindows.of(10)
  const plus = (left: string, right: string) => left + right
  const texts = { key: string(), value: string() }
  const partitions = new Map([
    ['two', 2],
    ['also two', 2],
    ['three', 3],
  ])
  type Build = (stream: (topic: string) => KStream<string, string>) => void

  /** The partitions of the repartition topics of a topology, by their names. */
  const repartitions = (build: Build) => {
    const builder = new StreamsBuilder()
    build((topic) => builder.stream(topic.replace(' ', '-'), texts))
    const specs = internalTopics(builder.build().subTopologies, 'app', (topic) =>
      partitions.get(topic.replace('-', ' ')),
    )
    const found = specs.filter(({ kind }) => kind === 'repartition')
    return Object.fromEntries(found.map(({ topic, partitions: count }) => [topic, count]))
  }

  test('are refused where those of the user have different numbers of partitions', () => {
    const build: Build = (stream) => stream('two').join(stream('three'), plus, windows, { name: 'both' })
    assert.throws(
      () => repartitions(build),
      (error) => {
        assert.ok(error instanceof CoPartitioningError)
        assert.match(
          error.message,
          /^both-merge brings together topic 'two' with 2 partitions and topic 'three' with 3/,
        )
        return true
      },
    )
  })

  test('are refused as well where a stream is joined by way of another one', () => {
    const build: Build = (stream) => {
      const left = stream('two')
      left.join(stream('also two'), plus, windows)
      left.merge(stream('three')).join(
        left.filter(() => true),
        plus,
        windows,
      )
    }
    assert.throws(() => repartitions(build))
  })

  test('have as many partitions as those of the user that they are joined with', () => {
    const build: Build = (stream) =>
      stream('two').repartition({ name: 'moved' }).join(stream('three'), plus, windows)
    assert.deepEqual(repartitions(build), { 'app-moved-repartition': 3 })
  })

  test('have as many partitions as the one that has most, where none is of the user', () => {
    const build: Build = (stream) => {
      const left = stream('two').selectKey((_, value) => value)
      const right = stream('three').selectKey((_, value) => value)
      left.join(right, plus, windows, { name: 'both', key: string() })
    }
    assert.deepEqual(repartitions(build), {
      'app-both-left-repartition': 3,
      'app-both-right-repartition': 3,
    })
  })

  test('have as many partitions as one that was asked for', () => {
    const build: Build = (stream) =>
      stream('three')
        .selectKey((_, value) => value)
        .join(stream('two').repartition({ name: 'four', partitions: 4 }), plus, windows, {
          name: 'both',
          key: string(),
        })
    assert.deepEqual(repartitions(build), { 'app-both-left-repartition': 4, 'app-four-repartition': 4 })
  })

  test('are refused where what was asked for does not fit', () => {
    const build: Build = (stream) =>
      stream('two').repartition({ name: 'four', partitions: 4 }).join(stream('three'), plus, windows)
    assert.throws(() => repartitions(build), CoPartitioningError)
  })
})
