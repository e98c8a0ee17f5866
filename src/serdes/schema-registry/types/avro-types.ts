import { Representation } from '../avro/logical-types/logical-type.js'
import { unionValues } from '../avro/union-values.js'
import {
  type AvroFixed,
  type AvroPrimitive,
  type AvroRecord,
  type AvroSchema,
  type AvroUnion,
  branchName,
  isAvroNamed,
} from '../syntax/avro-schema.js'
import type { SchemaTypesOptions } from './schema-types-options.js'
import { literal, type TypeFile, type TypeText, unionOf } from './type-file.js'

/** Declares the values of an Avro schema, as the serde `avro` gives them with these options. */
export function avroTypes(
  schema: AvroSchema,
  name: string,
  file: TypeFile,
  options: SchemaTypesOptions,
): void {
  const types = new AvroTypes(file, new Representation(options.long ?? 'number', {}))
  const type = types.of(schema, name)
  if (!isAvroNamed(schema) || schema.kind === 'fixed') file.alias(schema, [name], undefined, () => type)
}

class AvroTypes {
  constructor(
    private readonly file: TypeFile,
    private readonly representation: Representation,
  ) {}

  /** @param name for what has none itself */
  of(schema: AvroSchema, name: string): TypeText {
    switch (schema.kind) {
      case 'record':
        return [this.record(schema)]
      case 'enum':
        return [
          this.file.alias(schema, [schema.name, schema.fullName], schema.doc, () =>
            schema.symbols.map(literal),
          ),
        ]
      case 'array':
        return [`${this.file.inner(this.of(schema.items, `${name}Item`), `${name}Item`)}[]`]
      case 'map':
        return [`Record<string, ${this.of(schema.values, `${name}Value`).join(' | ')}>`]
      case 'union':
        return this.union(schema, name)
      default:
        return [this.scalar(schema)]
    }
  }

  private record(schema: AvroRecord): string {
    return this.file.interface(schema, [schema.name, schema.fullName], schema.doc, (name) =>
      schema.fields.map((field) => ({
        name: field.name,
        type: this.of(field.type, `${name} ${field.name}`),
        optional: false,
        doc: field.doc,
      })),
    )
  }

  /** Where values of two branches may look alike, they stand under the name of their branch. */
  private union(union: AvroUnion, name: string): TypeText {
    const { branches } = union
    const { wrapped } = unionValues(union, this.representation)
    return unionOf(
      branches.map((branch, index) => {
        const type = this.of(branch, branches.length > 2 ? `${name} ${index + 1}` : name)
        if (!wrapped || branch.kind === 'null') return type
        const key = branchName(branch)
        return [`{ ${key.includes('.') ? literal(key) : key}: ${type.join(' | ')} }`]
      }),
    )
  }

  private scalar(schema: AvroPrimitive | AvroFixed): string {
    const conversion = this.representation.conversionOf(schema)
    if (conversion !== undefined) return conversion.kind === 'object' ? DURATION : 'string'
    switch (schema.kind) {
      case 'null':
      case 'boolean':
      case 'string':
        return schema.kind
      case 'bytes':
      case 'fixed':
        return 'Uint8Array'
      case 'long':
        return this.representation.isBigLong(schema) ? 'bigint' : 'number'
      default:
        return 'number'
    }
  }
}

/** The one logical type that is an object. */
const DURATION = '{ months: number; days: number; millis: number }'
