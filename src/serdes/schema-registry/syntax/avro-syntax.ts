import { InvalidSchemaError } from '../registry-errors.js'
import type { ResolvedSchema } from '../schema-text.js'

export const AVRO_PRIMITIVES = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const
export type AvroPrimitiveName = (typeof AVRO_PRIMITIVES)[number]

/** What an Avro schema says, with all names resolved: a record may contain itself. */
export type AvroSchema = AvroPrimitive | AvroRecord | AvroEnum | AvroFixed | AvroArray | AvroMap | AvroUnion

/** A logical type, with all attributes of the type that has it. */
export interface AvroLogicalType {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface AvroPrimitive {
  readonly kind: AvroPrimitiveName
  readonly logical: AvroLogicalType | undefined
}

interface AvroNamed {
  /** With its namespace. */
  readonly fullName: string
  /** Without. */
  readonly name: string
  /** Full names. */
  readonly aliases: readonly string[]
  readonly doc: string | undefined
}

export interface AvroRecord extends AvroNamed {
  readonly kind: 'record'
  readonly fields: readonly AvroField[]
}

export interface AvroField {
  readonly name: string
  readonly aliases: readonly string[]
  readonly doc: string | undefined
  readonly type: AvroSchema
  /** As in the schema; undefined: none, since JSON has no undefined. */
  readonly default: unknown
  readonly order: string
}

export interface AvroEnum extends AvroNamed {
  readonly kind: 'enum'
  readonly symbols: readonly string[]
  readonly default: string | undefined
}

export interface AvroFixed extends AvroNamed {
  readonly kind: 'fixed'
  readonly size: number
  readonly logical: AvroLogicalType | undefined
}

export interface AvroArray {
  readonly kind: 'array'
  readonly items: AvroSchema
}

export interface AvroMap {
  readonly kind: 'map'
  readonly values: AvroSchema
}

export interface AvroUnion {
  readonly kind: 'union'
  readonly branches: readonly Exclude<AvroSchema, AvroUnion>[]
}

export type AvroNamedSchema = AvroRecord | AvroEnum | AvroFixed

export const isAvroNamed = (schema: AvroSchema): schema is AvroNamedSchema => 'fullName' in schema

/** What a schema is called in a sentence: `long`, `array of string`, `record Flight`, `union of null, string`. */
export function avroLabel(schema: AvroSchema): string {
  switch (schema.kind) {
    case 'array':
      return `array of ${avroLabel(schema.items)}`
    case 'map':
      return `map of ${avroLabel(schema.values)}`
    case 'union':
      return `union of ${schema.branches.map(avroLabel).join(', ')}`
    default:
      return isAvroNamed(schema) ? `${schema.kind} ${schema.fullName}` : schema.kind
  }
}

/**
 * Reads an Avro schema and what it refers to.
 *
 * @throws {InvalidSchemaError}
 */
export function avroSyntax({ schema, referenced }: ResolvedSchema): AvroSchema {
  const reading = new AvroReading()
  for (const each of referenced) reading.read(each.schema, `Avro schema ${each.name}`)
  return reading.read(schema, 'Avro schema')
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []

const NAME = /^[A-Za-z_]\w*$/
const FULL_NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/

class AvroReading {
  private readonly names = new Map<string, AvroNamedSchema>()
  private title = ''

  read(text: string, title: string): AvroSchema {
    this.title = title
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch (cause) {
      throw new InvalidSchemaError(title, `it is no JSON: ${(cause as Error).message}`, { cause })
    }
    return this.schema(json, '')
  }

  private schema(json: unknown, namespace: string): AvroSchema {
    if (typeof json === 'string') return this.named(json, namespace)
    if (Array.isArray(json)) return this.union(json, namespace)
    if (!isObject(json)) return this.fail(`${JSON.stringify(json)} is no type`)
    const { type } = json
    switch (type) {
      case 'record':
      case 'error':
        return this.record(json, namespace)
      case 'enum':
        return this.enum(json, namespace)
      case 'fixed':
        return this.fixed(json, namespace)
      case 'array':
        return { kind: 'array', items: this.schema(json.items, namespace) }
      case 'map':
        return { kind: 'map', values: this.schema(json.values, namespace) }
    }
    const inner = this.schema(type, namespace)
    const primitive = AVRO_PRIMITIVES.some((kind) => kind === inner.kind)
    return primitive ? ({ kind: inner.kind, logical: logicalType(json) } as AvroPrimitive) : inner
  }

  private named(name: string, namespace: string): AvroSchema {
    const primitive = AVRO_PRIMITIVES.find((each) => each === name)
    if (primitive !== undefined) return { kind: primitive, logical: undefined }
    const known = this.names.get(qualified(name, namespace)) ?? this.names.get(name)
    return known ?? this.fail(`there is no type ${name}`)
  }

  private union(json: readonly unknown[], namespace: string): AvroUnion {
    const branches = json.map((each) => this.schema(each, namespace))
    const seen = new Set<string>()
    for (const branch of branches) {
      if (branch.kind === 'union') return this.fail('a union is directly in a union')
      const key = isAvroNamed(branch) ? branch.fullName : branch.kind
      if (seen.has(key)) return this.fail(`a union has ${key} twice`)
      seen.add(key)
    }
    return { kind: 'union', branches: branches as AvroUnion['branches'] }
  }

  private record(json: Json, namespace: string): AvroRecord {
    const head = this.head(json, namespace)
    const fields: AvroField[] = []
    const record: AvroRecord = { kind: 'record', ...head, fields }
    this.define(record)
    if (!Array.isArray(json.fields)) return this.fail(`record ${head.fullName} has no fields`)
    const inner = namespaceOf(head.fullName)
    for (const each of json.fields) fields.push(this.field(each, head.fullName, inner))
    const names = fields.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    return twice === undefined ? record : this.fail(`record ${head.fullName} has field ${twice} twice`)
  }

  private field(json: unknown, record: string, namespace: string): AvroField {
    const name = isObject(json) ? json.name : undefined
    if (!isObject(json) || typeof name !== 'string' || !NAME.test(name))
      return this.fail(`record ${record} has a field without a name: ${JSON.stringify(json)}`)
    if (json.type === undefined) return this.fail(`field ${record}.${name} has no type`)
    return {
      name,
      aliases: textsOf(json.aliases),
      doc: textOf(json.doc),
      type: this.schema(json.type, namespace),
      default: json.default,
      order: textOf(json.order) ?? 'ascending',
    }
  }

  private enum(json: Json, namespace: string): AvroEnum {
    const head = this.head(json, namespace)
    if (!Array.isArray(json.symbols)) return this.fail(`enum ${head.fullName} has no symbols`)
    return this.define({
      kind: 'enum',
      ...head,
      symbols: textsOf(json.symbols),
      default: textOf(json.default),
    })
  }

  private fixed(json: Json, namespace: string): AvroFixed {
    const head = this.head(json, namespace)
    const { size } = json
    if (typeof size !== 'number') return this.fail(`fixed ${head.fullName} has no size`)
    return this.define({ kind: 'fixed', ...head, size, logical: logicalType(json) })
  }

  private head(json: Json, outer: string): AvroNamed {
    const { name } = json
    if (typeof name !== 'string' || !FULL_NAME.test(name))
      return this.fail(`a ${json.type} has no name: ${JSON.stringify(name)}`)
    const fullName = qualified(name, textOf(json.namespace) ?? outer)
    const namespace = namespaceOf(fullName)
    return {
      fullName,
      name: fullName.slice(fullName.lastIndexOf('.') + 1),
      aliases: textsOf(json.aliases).map((alias) => qualified(alias, namespace)),
      doc: textOf(json.doc),
    }
  }

  private define<T extends AvroNamedSchema>(schema: T): T {
    if (this.names.has(schema.fullName)) return this.fail(`${schema.fullName} is defined twice`)
    this.names.set(schema.fullName, schema)
    return schema
  }

  private fail(problem: string): never {
    throw new InvalidSchemaError(this.title, problem)
  }
}

const qualified = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`

const namespaceOf = (fullName: string): string => fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')))

const logicalType = (json: Json): AvroLogicalType | undefined =>
  typeof json.logicalType === 'string' ? { name: json.logicalType, attributes: json } : undefined
