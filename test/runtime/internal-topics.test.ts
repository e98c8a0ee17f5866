import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { internalTopics, MissingSourceTopicError } from '../../src/runtime/internal-topics.js'
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
