import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { reviewText } from '../../../src/cli/schema/review-text.js'
import { reviewSchema } from '../../../src/cli/schema/schema-review.js'
import type { Compatibility } from '../../../src/serdes/schema-registry/compatibility.js'
import { evolutionChecker } from '../../../src/serdes/schema-registry/evolution/check-evolution.js'
import {
  type CompatibilityChecker,
  InMemorySchemaRegistry,
} from '../../../src/serdes/schema-registry/in-memory-schema-registry.js'
import type { SchemaText } from '../../../src/serdes/schema-registry/schema-text.js'

const record = (...fields: object[]): SchemaText => ({
  type: 'AVRO',
  schema: JSON.stringify({
    type: 'record',
    name: 'Flight',
    fields: [{ name: 'id', type: 'string' }, ...fields],
  }),
})
const FIRST = record()
const OPTIONAL = record({ name: 'delay', type: 'int', default: 0 })
const NEEDED = record({ name: 'delay', type: 'int' })

/** A registry with versions of `flights`. */
function registryOf(
  compatibility: Compatibility,
  versions: readonly SchemaText[],
  checker: CompatibilityChecker = evolutionChecker,
): InMemorySchemaRegistry {
  const registry = new InMemorySchemaRegistry({ compatibility: 'NONE', checker })
  for (const schema of versions) registry.register('flights', schema)
  registry.setCompatibility('flights', compatibility)
  return registry
}

const review = (registry: InMemorySchemaRegistry, schema: SchemaText, isKey = false) =>
  reviewSchema(registry, { subject: 'flights', schema, isKey })

describe('the review of a schema', () => {
  test('tells where it stands', async () => {
    const registry = registryOf('BACKWARD', [FIRST])
    assert.deepEqual(await reviewSchema(registry, { subject: 'others', schema: FIRST, isKey: true }), {
      subject: 'others',
      status: 'new',
      compatibility: 'NONE',
      comparisons: [],
      messages: [],
      warnings: [],
    })
    const { status, id, version } = await review(registry, FIRST)
    assert.deepEqual([status, id, version], ['registered', 1, 1])
    assert.equal((await review(registry, OPTIONAL)).status, 'compatible')
    assert.equal((await review(registry, NEEDED)).status, 'refused')
  })

  test('compares with the versions that the compatibility speaks of, the newest first', async () => {
    const versions = [FIRST, OPTIONAL]
    const compared = async (compatibility: Compatibility) => {
      const { status, comparisons } = await review(registryOf(compatibility, versions), NEEDED)
      return [
        status,
        ...comparisons.map(
          ({ version, changes }) =>
            `${version}: ${changes.map(({ kind, breaks }) => `${kind}${breaks ? ' breaks' : ''}`)}`,
        ),
      ]
    }
    assert.deepEqual(await compared('BACKWARD'), ['compatible', '2: default-removed'])
    assert.deepEqual(await compared('BACKWARD_TRANSITIVE'), [
      'refused',
      '2: default-removed',
      '1: field-added breaks',
    ])
    assert.deepEqual(await compared('NONE'), ['compatible', '2: default-removed'])
  })

  test('says where the registry decides otherwise than we would', async () => {
    const strict = registryOf('BACKWARD', [FIRST], () => ['not on Fridays'])
    const { status, warnings } = await review(strict, OPTIONAL)
    assert.equal(status, 'refused')
    assert.deepEqual(warnings, [
      'the registry refuses it, and no change that we know of explains that: not on Fridays',
    ])
    const lax = registryOf('BACKWARD', [FIRST], () => [])
    assert.deepEqual((await review(lax, NEEDED)).warnings, [
      'the registry takes it, but some readers cannot read all: see the changes that break',
    ])
  })

  test('reads as text', async () => {
    const text = reviewText(await review(registryOf('BACKWARD_TRANSITIVE', [FIRST, OPTIONAL]), NEEDED, true))
    assert.equal(
      text,
      `flights: refused (BACKWARD_TRANSITIVE, against version 2, 1)
  changes since version 2
    allowed        Flight.delay: default 0 removed
                   both versions have a value for it, but readers cannot read versions any more that were
                   without it
  changes since version 1
    BREAKS         Flight.delay: field added without default
                   readers of the new schema find no value for delay in old records, and it has no default:
                   add one
  note: it is a key: with another schema a key is other bytes, so that it goes to another partition, and
        stores have another row for it
`,
    )
  })

  test('follows references', async () => {
    const registry = new InMemorySchemaRegistry({ checker: evolutionChecker })
    const leg = (type: string): SchemaText => ({
      type: 'AVRO',
      schema: JSON.stringify({ type: 'record', name: 'Leg', fields: [{ name: 'miles', type }] }),
    })
    registry.register('legs', leg('int'))
    registry.register('legs', leg('long'))
    const flight = (version: number): SchemaText => ({
      type: 'AVRO',
      schema: JSON.stringify({ type: 'record', name: 'Flight', fields: [{ name: 'leg', type: 'Leg' }] }),
      references: [{ name: 'Leg', subject: 'legs', version }],
    })
    registry.register('flights', flight(1))
    const { comparisons } = await review(registry, flight(2))
    assert.deepEqual(
      comparisons.flatMap(({ changes }) => changes.map(({ path, what }) => `${path} ${what}`)),
      ['Flight.leg.miles int to long'],
    )
  })
})
