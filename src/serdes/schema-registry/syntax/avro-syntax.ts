import { shown } from '../../serde-error.js'
import { InvalidSchemaError } from '../registry-errors.js'
import type { ResolvedSchema } from '../schema-text.js'
import {
  AVRO_PRIMITIVES,
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroLogicalType,
  type AvroNamedSchema,
  type AvroPrimitiveName,
  type AvroRecord,
  type AvroSchema,
  type AvroUnion,
  branchName,
} from './avro-schema.js'
import { parseExactJson } from './exact-json.js'

/**
 * Reads an Avro schema, and what it refers to first. Defaults of fields are left as they are: they matter where a reader
 * needs them.
 *
 * @param title the schema, for people
 * @throws {InvalidSchemaError}
 */
export function avroSyntax({ schema, referenced }: ResolvedSchema, title = 'Avro schema'): AvroSchema {
  const reading = new AvroReading()
  for (const { name, schema: text } of referenced) reading.read(text, `${title}: referenced ${name}`)
  return reading.read(schema, title)
}

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Letters of all languages, as Java's Avro takes them; the specification has those of English. */
const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u
const MAX_FIXED_BYTES = 2 ** 31 - 1

const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value)

const isPrimitive = (name: unknown): name is AvroPrimitiveName =>
  AVRO_PRIMITIVES.some((primitive) => primitive === name)

class AvroReading {
  private readonly names = new Map<string, AvroNamedSchema>()

  read(text: string, title: string): AvroSchema {
    try {
      return this.schema(jsonOf(text), '')
    } catch (cause) {
      throw new InvalidSchemaError(title, (cause as Error).message, { cause })
    }
  }

  private schema(json: unknown, namespace: string): AvroSchema {
    if (typeof json === 'string') {
      return isPrimitive(json) ? { kind: json, logical: undefined } : this.known(json, namespace)
    }
    if (Array.isArray(json)) return this.union(json, namespace)
    if (!isObject(json)) throw new Error(`${shown(json)} is no type`)
    const { type } = json
    if (isPrimitive(type)) return { kind: type, logical: logicalType(json) }
    switch (type) {
      case 'record':
      case 'error':
        return this.record(json, namespace)
      case 'enum':
        return this.enum(json, namespace)
      case 'fixed':
        return this.fixed(json, namespace)
      case 'array':
        return { kind: type, items: this.schema(json.items, namespace), logical: logicalType(json) }
      case 'map':
        return { kind: type, values: this.schema(json.values, namespace), logical: logicalType(json) }
      default:
        // `{ "type": { "type": "string" } }` is `{ "type": "string" }`, and `{ "type": "Leg" }` the type of that name.
        return this.schema(type, namespace)
    }
  }

  /** A name without a namespace may be that of a type without one: Java writes such. */
  private known(name: string, namespace: string): AvroNamedSchema {
    const known = this.names.get(qualified(name, namespace)) ?? this.names.get(name)
    if (known === undefined) throw new Error(`there is no type ${name}`)
    return known
  }

  private union(json: readonly unknown[], namespace: string): AvroUnion {
    if (json.length === 0) throw new Error('a union is empty')
    const seen = new Set<string>()
    const branches = json.map((each) => {
      const branch = this.schema(each, namespace)
      if (branch.kind === 'union') throw new Error('a union is directly in a union')
      const name = branchName(branch)
      if (seen.has(name)) throw new Error(`a union has ${name} twice`)
      seen.add(name)
      return branch
    })
    return { kind: 'union', branches }
  }

  private record(json: Json, namespace: string): AvroRecord {
    const fields: AvroField[] = []
    // Before the fields: they may have the record in them.
    const record = this.define({ kind: 'record', ...headOf(json, namespace), fields })
    const { fullName } = record
    if (!Array.isArray(json.fields)) throw new Error(`record ${fullName} has no fields`)
    const names = new Set<string>()
    for (const each of json.fields) {
      const field = this.field(each, fullName)
      if (names.has(field.name)) throw new Error(`record ${fullName} has field ${field.name} twice`)
      names.add(field.name)
      fields.push(field)
    }
    return record
  }

  private field(json: unknown, record: string): AvroField {
    const { name, aliases, type, doc, order, default: value } = isObject(json) ? json : {}
    if (!isName(name)) throw new Error(`record ${record} has a field whose name is none: ${shown(name)}`)
    if (type === undefined) throw new Error(`field ${record}.${name} has no type`)
    return {
      name,
      aliases: namesIn(`aliases of field ${record}.${name}`, aliases),
      doc: textOf(doc),
      type: this.schema(type, namespaceOf(record)),
      default: value,
      order: textOf(order) ?? 'ascending',
    }
  }

  private enum(json: Json, namespace: string): AvroEnum {
    const head = headOf(json, namespace)
    const { default: symbol } = json
    const symbols = namesIn(`symbols of enum ${head.fullName}`, json.symbols)
    if (symbols.length === 0) throw new Error(`enum ${head.fullName} has no symbols`)
    const twice = symbols.find((each, index) => symbols.indexOf(each) !== index)
    if (twice !== undefined) throw new Error(`enum ${head.fullName} has symbol ${twice} twice`)
    if (symbol !== undefined && !symbols.includes(symbol as string))
      throw new Error(`the default of enum ${head.fullName} is no symbol of it: ${shown(symbol)}`)
    return this.define({ kind: 'enum', ...head, symbols, default: symbol as string | undefined })
  }

  private fixed(json: Json, namespace: string): AvroFixed {
    const head = headOf(json, namespace)
    const size = json.size as number
    if (!Number.isInteger(size) || size < 0 || size > MAX_FIXED_BYTES)
      throw new Error(`the size of fixed ${head.fullName} is no number of bytes: ${shown(size)}`)
    return this.define({ kind: 'fixed', ...head, size })
  }

  private define<T extends AvroNamedSchema>(schema: T): T {
    const { fullName } = schema
    if (this.names.has(fullName)) throw new Error(`${fullName} is defined twice`)
    this.names.set(fullName, schema)
    return schema
  }
}

function jsonOf(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch (cause) {
    throw new Error(`it is no JSON: ${(cause as Error).message}`, { cause })
  }
}

function headOf(json: Json, outer: string): Omit<AvroNamedSchema, 'kind'> {
  const { name, namespace } = json
  const fullName = qualified(textOf(name) ?? '', textOf(namespace) ?? outer)
  if (!isFullName(fullName) || isPrimitive(fullName))
    throw new Error(`a ${json.type} has no name: ${shown(name)}`)
  const aliases = json.aliases ?? []
  if (!Array.isArray(aliases) || !aliases.every(isFullName))
    throw new Error(`aliases of ${fullName} are no names: ${shown(aliases)}`)
  return {
    fullName,
    name: fullName.slice(fullName.lastIndexOf('.') + 1),
    aliases: aliases.map((alias) => qualified(alias, namespaceOf(fullName))),
    doc: textOf(json.doc),
    logical: logicalType(json),
  }
}

const isFullName = (value: unknown): boolean => typeof value === 'string' && value.split('.').every(isName)

const qualified = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`

const namespaceOf = (fullName: string): string => fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')))

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** @param what they are, where they are said to be no names */
function namesIn(what: string, value: unknown = []): string[] {
  if (Array.isArray(value) && value.every(isName)) return value
  throw new Error(`${what} are no names: ${shown(value)}`)
}

const logicalType = (json: Json): AvroLogicalType | undefined =>
  typeof json.logicalType === 'string' ? { name: json.logicalType, attributes: json } : undefined
