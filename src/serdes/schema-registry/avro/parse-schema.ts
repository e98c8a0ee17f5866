import avsc from 'avsc'
import { InvalidSchemaError } from '../registry-errors.js'
import type { ResolvedSchema } from '../schema-text.js'
import type { AvroSchema, PrimitiveKind, RecordField, RecordSchema } from './avro-schema.js'
import { parseExactJson } from './exact-json.js'

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveKind>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'string',
  'bytes',
])

const COMPLEX: ReadonlySet<unknown> = new Set(['record', 'error', 'enum', 'fixed', 'array', 'map'])

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Parses a schema, and those that it refers to first. avsc knows the language: it checks the schema and finds the full
 * names; the tree that results here has besides what avsc leaves out, logical types and defaults.
 *
 * @param label the schema, for people
 * @throws {InvalidSchemaError}
 */
export function parseSchema({ schema, referenced }: ResolvedSchema, label = 'Avro schema'): AvroSchema {
  const parser = new SchemaParser()
  for (const { name, schema: text } of referenced) parser.parse(text, `${label}: referenced ${name}`)
  return parser.parse(schema, label)
}

class SchemaParser {
  /** Without a prototype: a type may be called `constructor`. */
  private readonly registry: Record<string, avsc.Type> = Object.create(null)
  private readonly named = new Map<string, AvroSchema>()

  parse(text: string, label: string): AvroSchema {
    try {
      const json = parseExactJson(text)
      const type = avsc.Type.forSchema(withoutDefaults(json) as avsc.Schema, {
        registry: this.registry,
        wrapUnions: 'always',
        omitRecordMethods: true,
      })
      return this.build(json, type)
    } catch (error) {
      throw new InvalidSchemaError(label, error instanceof Error ? error.message : String(error), {
        cause: error,
      })
    }
  }

  /** Goes through the JSON and what avsc made of it side by side. */
  private build(nested: unknown, type: avsc.Type): AvroSchema {
    const json = unnested(nested)
    if (type.name !== undefined) {
      const known = this.named.get(type.name)
      if (known !== undefined) return known
    }
    const annotations =
      isObject(json) && typeof json.logicalType === 'string'
        ? { logicalType: json.logicalType, attributes: json }
        : {}
    const { typeName } = type
    if (PRIMITIVES.has(typeName)) return { kind: typeName as PrimitiveKind, ...annotations }
    if (avsc.Type.isType(type, 'union')) {
      const { types } = type as avsc.types.WrappedUnionType
      return {
        kind: 'union',
        branches: types.map((branch, index) => this.build((json as Json[])[index], branch)),
      }
    }
    const attributes = json as Json
    switch (typeName) {
      case 'array':
        return {
          kind: 'array',
          items: this.build(attributes.items, (type as avsc.types.ArrayType).itemsType),
          ...annotations,
        }
      case 'map':
        return {
          kind: 'map',
          values: this.build(attributes.values, (type as avsc.types.MapType).valuesType),
          ...annotations,
        }
      case 'enum': {
        const { symbols } = type as avsc.types.EnumType
        const symbol = attributes.default as string | undefined
        return this.remember({ kind: 'enum', ...namesOf(type), symbols, default: symbol, ...annotations })
      }
      case 'fixed': {
        const { size } = type as avsc.types.FixedType
        return this.remember({ kind: 'fixed', ...namesOf(type), size, ...annotations })
      }
      case 'record':
      case 'error':
        return this.record(attributes, type as avsc.types.RecordType, annotations)
      default:
        throw new TypeError(`unknown type ${typeName}`)
    }
  }

  private record(json: Json, type: avsc.types.RecordType, annotations: object): RecordSchema {
    const fields: RecordField[] = []
    const record: RecordSchema = { kind: 'record', ...namesOf(type), fields, ...annotations }
    // Before the fields: they may have the record in them.
    this.remember(record)
    const declared = json.fields as Json[]
    for (const [index, field] of type.fields.entries()) {
      const written = declared[index]!
      fields.push({
        name: field.name,
        aliases: field.aliases,
        schema: this.build(written.type, field.type),
        default: written.default,
      })
    }
    return record
  }

  private remember<S extends AvroSchema & { readonly name: string }>(schema: S): S {
    this.named.set(schema.name, schema)
    return schema
  }
}

function namesOf(type: avsc.Type): { name: string; aliases: readonly string[] } {
  if (type.name === undefined) throw new TypeError(`a ${type.typeName} has no name`)
  return { name: type.name, aliases: type.aliases ?? [] }
}

/** `{ "type": { "type": "string" } }` is `{ "type": "string" }`, and `{ "type": "Leg" }` the type of that name. */
function unnested(json: unknown): unknown {
  if (!isObject(json) || json.type === undefined || COMPLEX.has(json.type)) return json
  return typeof json.type === 'string' && PRIMITIVES.has(json.type) ? json : unnested(json.type)
}

/**
 * A schema for avsc: the defaults of fields are judged where they are needed, by the reader's schema. Those of a
 * writer's do not matter, and avsc refuses some that other languages take, such as null for `["string", "null"]`.
 */
function withoutDefaults(nested: unknown): unknown {
  const json = unnested(nested)
  if (Array.isArray(json)) return json.map(withoutDefaults)
  if (!isObject(json)) return json
  const copy: Record<string, unknown> = { ...json }
  if (copy.items !== undefined) copy.items = withoutDefaults(copy.items)
  if (copy.values !== undefined) copy.values = withoutDefaults(copy.values)
  if (Array.isArray(copy.fields)) copy.fields = copy.fields.map(fieldWithoutDefault)
  return copy
}

function fieldWithoutDefault(field: unknown): unknown {
  if (!isObject(field)) throw new TypeError('a field of a record is no object')
  const { default: _, ...rest } = field
  return { ...rest, type: withoutDefaults(rest.type) }
}
