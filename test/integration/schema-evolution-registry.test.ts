import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Compatibility } from '../../src/serdes/schema-registry/compatibility.js'
import { confluentSchemaRegistry } from '../../src/serdes/schema-registry/confluent/confluent-schema-registry.js'
import { checkEvolution } from '../../src/serdes/schema-registry/evolution/check-evolution.js'
import type { ResolvedSchema, SchemaType } from '../../src/serdes/schema-registry/schema-text.js'
import { AVRO_CASES } from '../serdes/schema-registry/evolution/avro-cases.js'
import type { EvolutionCase } from '../serdes/schema-registry/evolution/evolution-case.js'
import { JSON_SCHEMA_CASES } from '../serdes/schema-registry/evolution/json-schema-cases.js'
import { PROTOBUF_CASES } from '../serdes/schema-registry/evolution/protobuf-cases.js'
import { testRegistry } from '../support/registry.js'
import { uniqueName } from '../support/unique-name.js'

const registry = confluentSchemaRegistry({ url: await testRegistry() })

const BOTH = ['BACKWARD', 'FORWARD'] as const
type Mode = (typeof BOTH)[number]

/** Where the registry (Apicurio 2.6) decides otherwise than we do, by the names of the cases. */
interface Difference {
  readonly because: string
  readonly registry: 'takes' | 'refuses'
  readonly cases: Readonly<Record<string, readonly Mode[]>>
}

const DIFFERENCES: Readonly<Record<SchemaType, readonly Difference[]>> = {
  AVRO: [
    {
      because:
        'it looks at the type below a logical type only; our readers refuse to take milliseconds for microseconds',
      registry: 'takes',
      cases: {
        'milliseconds to microseconds': BOTH,
        'a decimal of more digits': ['FORWARD'],
        'a decimal of another scale': BOTH,
      },
    },
  ],
  JSON: [
    {
      because:
        'it takes any property that is named in an open schema for a restriction, also one that allows all',
      registry: 'refuses',
      cases: { 'a property without type added to an open schema': ['BACKWARD'] },
    },
  ],
  PROTOBUF: [
    {
      because: 'it takes a field or value that one schema does not have for a break, where readers skip it',
      registry: 'refuses',
      cases: {
        'a field added': ['FORWARD'],
        'a field added under a number that was reserved': ['FORWARD'],
        'a field removed and reserved': BOTH,
        'a field removed and not reserved': ['BACKWARD'],
        'a required field added': ['FORWARD'],
        'a required field removed': ['BACKWARD'],
        'a field into a new oneof': ['FORWARD'],
        'a value added': ['FORWARD'],
        'a value removed': ['BACKWARD'],
        'a message added that a field has': ['FORWARD'],
      },
    },
    {
      because: 'it goes by the names of fields and values too, which are not in the bytes',
      registry: 'refuses',
      cases: { 'a field renamed': BOTH, 'a value renamed': BOTH },
    },
    {
      because: 'it wants the same type, where the bytes of both are alike',
      registry: 'refuses',
      cases: {
        'int32 to int64': BOTH,
        'uint32 to bool': BOTH,
        'sint32 to sint64': BOTH,
        'fixed64 to sfixed64': BOTH,
        'string to bytes': BOTH,
      },
    },
    {
      because: 'it wants the same label, whichever way the bytes can be read',
      registry: 'refuses',
      cases: {
        presence: BOTH,
        'required to optional': ['BACKWARD'],
        'optional to required': ['FORWARD'],
        'a text to several': BOTH,
        'a number to several': ['BACKWARD'],
        'several numbers to one': ['FORWARD'],
        'two fields into a oneof': ['FORWARD'],
        'two fields out of a oneof': ['BACKWARD'],
      },
    },
    {
      because: 'the package is not in the bytes; our readers look for the message by its full name',
      registry: 'takes',
      cases: { 'another package': BOTH },
    },
  ],
}

const CASES: readonly (readonly [SchemaType, readonly EvolutionCase[]])[] = [
  ['AVRO', AVRO_CASES],
  ['JSON', JSON_SCHEMA_CASES],
  ['PROTOBUF', PROTOBUF_CASES],
]

const schemaOf = (type: SchemaType, schema: string): ResolvedSchema => ({ type, schema, referenced: [] })

const hasDifference = (type: SchemaType, name: string, mode: Mode, compatible: boolean): boolean =>
  DIFFERENCES[type].some(
    ({ registry, cases }) => cases[name]?.includes(mode) && (registry === 'takes') === compatible,
  )

/** What the registry and we say of a change, where that is not the same and no known difference. */
async function unexplained(type: SchemaType, { name, older, newer }: EvolutionCase): Promise<string[]> {
  const subject = uniqueName('evolution')
  await registry.register(subject, { type, schema: older })
  const found: string[] = []
  for (const mode of BOTH) {
    await registry.setCompatibility(subject, mode)
    const { compatible, messages } = await registry.check(subject, { type, schema: newer })
    const ours = checkEvolution([schemaOf(type, older)], schemaOf(type, newer), mode)
    const agree = ours.compatible === compatible
    if (agree !== hasDifference(type, name, mode, compatible)) continue
    found.push(
      `${name}, ${mode}: ${agree ? 'agree now' : `the registry: ${compatible}`} ${messages.join('; ')}`,
    )
  }
  return found
}

describe('a real registry decides as we do, or it is said why not', () => {
  for (const [type, cases] of CASES) {
    test(type, async () => {
      const found = await Promise.all(cases.map((each) => unexplained(type, each)))
      assert.deepEqual(found.flat(), [])
    })
  }
})

describe('with several versions', () => {
  const record = (...fields: object[]): string =>
    JSON.stringify({ type: 'record', name: 'Flight', fields: [{ name: 'id', type: 'string' }, ...fields] })
  const without = record()
  const optional = record({ name: 'delay', type: 'int', default: 0 })
  const needed = record({ name: 'delay', type: 'int' })

  const CHAINS: readonly (readonly [Compatibility, readonly string[], boolean])[] = [
    ['BACKWARD', [without, optional, needed], true],
    ['BACKWARD_TRANSITIVE', [without, optional, needed], false],
    ['FORWARD', [needed, optional, without], true],
    ['FORWARD_TRANSITIVE', [needed, optional, without], false],
    ['FULL', [without, optional, needed], true],
    ['FULL_TRANSITIVE', [without, optional, needed], false],
    ['FULL_TRANSITIVE', [without, optional, without], true],
    ['NONE', [without, optional, '"int"'], true],
  ]

  for (const [compatibility, versions, compatible] of CHAINS) {
    test(`${compatibility} ${compatible ? 'allows' : 'refuses'} the last of ${versions.length}`, async () => {
      const subject = uniqueName('evolution')
      const [newer, ...older] = versions.toReversed()
      await registry.register(subject, { type: 'AVRO', schema: older.at(-1)! })
      await registry.setCompatibility(subject, compatibility)
      for (const schema of older.toReversed()) await registry.register(subject, { type: 'AVRO', schema })
      const answer = await registry.check(subject, { type: 'AVRO', schema: newer! })
      const ours = checkEvolution(
        older.toReversed().map((schema) => schemaOf('AVRO', schema)),
        schemaOf('AVRO', newer!),
        compatibility,
      )
      assert.deepEqual([answer.compatible, ours.compatible], [compatible, compatible])
    })
  }
})
