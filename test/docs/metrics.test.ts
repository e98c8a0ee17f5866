import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { prometheusMetrics } from '../../src/observe/index.js'
import { plain, rowsOf } from '../support/document-table.js'
import { FakeClient } from '../support/thread-metrics.js'

interface Described {
  readonly name: string
  readonly type: string
  readonly labels: readonly string[]
  readonly unit: string
  readonly meaning: string
}

const UNITS = ['seconds', 'bytes', 'records', 'offset']

/** What the name of a metric says, as Prometheus has it. */
const unitOf = (name: string): string =>
  UNITS.find((unit) => name.split('_').includes(unit)) ?? (name.endsWith('_state') ? 'state' : 'count')

const document = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')

describe('docs/metrics.md', () => {
  const documented = rowsOf(document).map(
    (cells): Described => ({
      name: plain(cells[0]!),
      type: cells[1]!,
      labels: cells[2] === '' ? [] : cells[2]!.split(', '),
      unit: cells[3]!,
      meaning: cells[4]!,
    }),
  )
  let registered: Described[]

  before(async () => {
    const registry = prometheusMetrics(new FakeClient([]))
    registered = (await registry.getMetricsAsJSON()).map(({ name, type, help }) => {
      const { labelNames } = registry.getSingleMetric(name) as unknown as { labelNames: string[] }
      return { name, type: String(type), labels: labelNames, unit: unitOf(name), meaning: help }
    })
  })

  test('has a row for each metric that a registry exposes, and no other', () => {
    assert.deepEqual(documented, registered)
  })

  test('names what Kafka Streams calls it, or says that it has none', () => {
    for (const cells of rowsOf(document)) assert.match(cells[5] ?? '', /^(-|`.+)/, cells[0])
  })
})
