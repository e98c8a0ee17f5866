import type { AvroFixed, AvroPrimitive, AvroRecord, AvroSchema, AvroUnion } from '../syntax/avro-syntax.js'
import type { SchemaTypesOptions } from './schema-types.js'
import { literal, type TypeFile, type TypeText, unionOf } from './type-file.js'

/** Declares the values of an Avro schema, as the serde `avro` gives them with these options. */
export function avroTypes(
  schema: AvroSchema,
  name: string,
  file: TypeFile,
  options: SchemaTypesOptions,
): void {
  const types = new AvroTypes(file, options.long ?? 'number')
  const type = types.of(schema, name)
  if (!('fullName' in schema) || schema.kind === 'fixed') file.alias(schema, [name], undefined, () => type)
}

const NUMBER_TIMES = [
  'time-micros',
  'timestamp-millis',
  'timestamp-micros',
  'local-timestamp-millis',
  'local-timestamp-micros',
]
const BIGINT_TIMES = ['timestamp-nanos', 'local-timestamp-nanos']

/** What values of a union are told apart by. */
type ValueKind = 'null' | 'boolean' | 'number' | 'string' | 'bytes' | 'array' | 'object' | 'other'

class AvroTypes {
  constructor(
    private readonly file: TypeFile,
    private readonly long: 'number' | 'bigint',
  ) {}

  /** @param name for what has none itself */
  of(schema: AvroSchema, name: string): TypeText {
    switch (schema.kind) {
      case 'record':
        return [this.record(schema)]
      case 'enum':
        return [
          this.file.alias(schema, namesOf(schema.fullName), schema.doc, () => schema.symbols.map(literal)),
        ]
      case 'array':
        return [`${this.file.inner(this.of(schema.items, `${name}Item`), `${name}Item`)}[]`]
      case 'map':
        return [`Record<string, ${this.of(schema.values, `${name}Value`).join(' | ')}>`]
      case 'union':
        return this.union(schema, name)
      case 'fixed':
        return [fixedType(schema)]
      default:
        return [this.primitive(schema)]
    }
  }

  private record(schema: AvroRecord): string {
    return this.file.interface(schema, namesOf(schema.fullName), schema.doc, (name) =>
      schema.fields.map((field) => ({
        name: field.name,
        type: this.of(field.type, `${name} ${field.name}`),
        optional: false,
        doc: field.doc,
      })),
    )
  }

  /** Where values of two branches may look alike, they stand under the name of their branch. */
  private union({ branches }: AvroUnion, name: string): TypeText {
    const kinds = branches.map((branch) => this.kindOf(branch))
    const isWrapped = new Set(kinds).size < kinds.length
    return unionOf(
      branches.map((branch, index) => {
        const type = this.of(branch, branches.length > 2 ? `${name} ${index + 1}` : name)
        if (!isWrapped || branch.kind === 'null') return type
        const key = 'fullName' in branch ? branch.fullName : branch.kind
        return [`{ ${key.includes('.') ? literal(key) : key}: ${type.join(' | ')} }`]
      }),
    )
  }

  private kindOf(schema: AvroSchema): ValueKind {
    const [type = ''] = AVRO_SCALARS.includes(schema.kind) ? this.of(schema, '') : []
    switch (schema.kind) {
      case 'enum':
        return 'string'
      case 'record':
      case 'map':
        return 'object'
      case 'array':
      case 'null':
      case 'boolean':
        return schema.kind
      default:
        return KIND_OF_TYPE[type] ?? 'object'
    }
  }

  private primitive({ kind, logical }: AvroPrimitive): string {
    switch (kind) {
      case 'null':
      case 'boolean':
      case 'string':
        return kind
      case 'bytes':
        return logical?.name === 'decimal' && isDecimal(logical.attributes) ? 'string' : 'Uint8Array'
      case 'long':
        if (logical !== undefined && NUMBER_TIMES.includes(logical.name)) return 'number'
        return logical !== undefined && BIGINT_TIMES.includes(logical.name) ? 'bigint' : this.long
      default:
        return 'number'
    }
  }
}

const AVRO_SCALARS = ['int', 'long', 'float', 'double', 'string', 'bytes', 'fixed']

const KIND_OF_TYPE: Readonly<Record<string, ValueKind>> = {
  number: 'number',
  bigint: 'number',
  string: 'string',
  Uint8Array: 'bytes',
}

const namesOf = (fullName: string): string[] => [fullName.slice(fullName.lastIndexOf('.') + 1), fullName]

const isDecimal = ({ precision, scale = 0 }: Readonly<Record<string, unknown>>): boolean =>
  typeof precision === 'number' &&
  precision >= 1 &&
  typeof scale === 'number' &&
  scale >= 0 &&
  scale <= precision

function fixedType({ logical, size }: AvroFixed): string {
  if (logical === undefined) return 'Uint8Array'
  if (logical.name === 'uuid' && size === 16) return 'string'
  if (logical.name === 'decimal' && isDecimal(logical.attributes)) return 'string'
  return logical.name === 'duration' && size === 12
    ? '{ months: number; days: number; millis: number }'
    : 'Uint8Array'
}
