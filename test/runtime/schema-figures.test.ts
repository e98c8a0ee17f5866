import assert from 'node:assert/strict'
import { test } from 'node:test'
import { string } from '../../src/index.js'
import { SchemaFigures } from '../../src/runtime/schema-figures.js'
import type { SchemaLoads } from '../../src/serdes/schema-loads.js'
import type { AnySerde } from '../../src/serdes/serde.js'

const loads = (registry: string, fetched: number, outageMs?: number): SchemaLoads => {
  return { registry, misses: fetched, fetched, notFound: 0, failures: 0, outageMs, pending: 1 }
}

test('figures of schemas are those of each registry, once, however many serdes have it', () => {
  const one = () => loads('one', 2)
  const again = () => loads('one', 3, 500)
  const other = () => loads('other', 7)
  const serdes: AnySerde[] = [one, one, again, other].map((source) => ({ ...string(), loads: source }))
  const figures = new SchemaFigures(new Map(serdes.map((serde) => [serde, []])))
  assert.deepEqual(figures.all, [{ ...loads('one', 5, 500), pending: 2 }, loads('other', 7)])
})
