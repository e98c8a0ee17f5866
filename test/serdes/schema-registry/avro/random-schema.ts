import fc from 'fast-check'
import { Representation } from '../../../../src/serdes/schema-registry/avro/logical-types/logical-type.js'
import { unionValues } from '../../../../src/serdes/schema-registry/avro/union-values.js'
import type { AvroSchema } from '../../../../src/serdes/schema-registry/syntax/avro-schema.js'
import { branchName } from '../../../../src/serdes/schema-registry/syntax/avro-schema.js'
import { avroSyntax } from '../../../../src/serdes/schema-registry/syntax/avro-syntax.js'
import { resolved } from './codec.js'

type Json = string | readonly Json[] | { readonly [name: string]: unknown }

const primitive = fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes')
const fieldNames = ['id', 'delay', 'origin', 'constructor', 'legs', '__proto__', 'x_1']

/** Types of named kinds come without names: they get them when the schema is whole. */
const { schema: unnamed } = fc.letrec<{ schema: Json; branch: Json }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    primitive,
    tie('branch'),
    fc.uniqueArray(fc.oneof(primitive, tie('branch')), { minLength: 1, maxLength: 4, selector: unionSlot }),
  ),
  branch: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.constant('fixed'), size: fc.nat(6) }),
    fc.record({
      type: fc.constant('enum'),
      symbols: fc.constant(['A', 'B', 'late']),
    }),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({ type: fc.constant('map'), values: tie('schema') }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...fieldNames), tie('schema')), {
        maxLength: 5,
        selector: ([name]) => name,
      })
      .map((fields) => ({ type: 'record', fields: fields.map(([name, type]) => ({ name, type })) })),
  ),
}))

/** A union has one array and one map at most, and any number of named types. */
function unionSlot(type: Json): unknown {
  if (typeof type === 'string' || Array.isArray(type)) return type
  const { type: kind } = type as { type: string }
  return kind === 'array' || kind === 'map' ? kind : type
}

function named(schema: Json): Json {
  let count = 0
  const visit = (type: Json): Json => {
    if (typeof type === 'string') return type
    if (Array.isArray(type)) return type.map(visit)
    const json = type as Record<string, unknown>
    if (json.type === 'array') return { ...json, items: visit(json.items as Json) }
    if (json.type === 'map') return { ...json, values: visit(json.values as Json) }
    const name = `test.T${count++}`
    if (json.type !== 'record') return { ...json, name }
    const fields = (json.fields as { name: string; type: Json }[]).map((field) => ({
      ...field,
      type: visit(field.type),
    }))
    return { ...json, name, fields }
  }
  return visit(schema)
}

export interface Limits {
  readonly long: fc.Arbitrary<number>
  readonly text: fc.Arbitrary<string>
  readonly bytes: fc.Arbitrary<Uint8Array>
}

export const all: Limits = {
  long: fc.maxSafeInteger(),
  text: fc.string({ unit: 'grapheme', maxLength: 40 }),
  bytes: fc.uint8Array({ maxLength: 70 }),
}

const representation = new Representation('number', {})

/** Values of a schema. */
export function valuesOf(schema: AvroSchema, limits: Limits): fc.Arbitrary<unknown> {
  switch (schema.kind) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'int':
      return fc.integer()
    case 'long':
      return limits.long
    case 'float':
      return fc.float()
    case 'double':
      return fc.double()
    case 'string':
      return limits.text
    case 'bytes':
      return limits.bytes
    case 'fixed':
      return fc.uint8Array({ minLength: schema.size, maxLength: schema.size })
    case 'enum':
      return fc.constantFrom(...schema.symbols)
    case 'array':
      return fc.array(valuesOf(schema.items, limits), { maxLength: 4 })
    case 'map':
      return fc.dictionary(limits.text, valuesOf(schema.values, limits), {
        maxKeys: 4,
        noNullPrototype: true,
      })
    case 'record':
      return fc
        .tuple(...schema.fields.map((field) => valuesOf(field.type, limits)))
        .map((values) => Object.fromEntries(schema.fields.map(({ name }, index) => [name, values[index]])))
    case 'union': {
      const { wrapped } = unionValues(schema, representation)
      return fc.oneof(
        ...schema.branches.map((branch) => {
          const values = valuesOf(branch, limits)
          return wrapped && branch.kind !== 'null'
            ? values.map((value) => ({ [branchName(branch)]: value }))
            : values
        }),
      )
    }
  }
}

/** A schema, and values of it. */
export const schemaAndValues = (limits: Limits): fc.Arbitrary<readonly [Json, readonly unknown[]]> =>
  unnamed.map(named).chain((schema) => {
    const values = valuesOf(avroSyntax(resolved(schema)), limits)
    return fc.tuple(fc.constant(schema), fc.array(values, { minLength: 1, maxLength: 5 }))
  })
