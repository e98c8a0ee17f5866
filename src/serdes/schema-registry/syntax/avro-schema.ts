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
export type AvroSchema = AvroPrimitive | AvroNamedSchema | AvroArray | AvroMap | AvroUnion

export type AvroNamedSchema = AvroRecord | AvroEnum | AvroFixed

/** A logical type, with all attributes of the type that has it: `precision` and `scale`, for example. */
export interface AvroLogicalType {
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}

interface Annotated {
  readonly logical: AvroLogicalType | undefined
}

interface Named extends Annotated {
  /** With its namespace. */
  readonly fullName: string
  /** Without. */
  readonly name: string
  /** Full names under which other schemas may have the type. */
  readonly aliases: readonly string[]
  readonly doc: string | undefined
}

export interface AvroPrimitive extends Annotated {
  readonly kind: AvroPrimitiveName
}

export interface AvroRecord extends Named {
  readonly kind: 'record'
  /** Filled after the record is made where it contains itself. */
  readonly fields: readonly AvroField[]
}

export interface AvroField {
  readonly name: string
  readonly aliases: readonly string[]
  readonly doc: string | undefined
  readonly type: AvroSchema
  /** JSON as the schema has it; integers beyond the safe ones are bigints. Undefined: there is none. */
  readonly default: unknown
  readonly order: string
}

export interface AvroEnum extends Named {
  readonly kind: 'enum'
  readonly symbols: readonly string[]
  readonly default: string | undefined
}

export interface AvroFixed extends Named {
  readonly kind: 'fixed'
  readonly size: number
}

export interface AvroArray extends Annotated {
  readonly kind: 'array'
  readonly items: AvroSchema
}

export interface AvroMap extends Annotated {
  readonly kind: 'map'
  readonly values: AvroSchema
}

export interface AvroUnion {
  readonly kind: 'union'
  readonly branches: readonly Exclude<AvroSchema, AvroUnion>[]
}

export const isAvroNamed = (schema: AvroSchema): schema is AvroNamedSchema => 'fullName' in schema

export const logicalTypeOf = (schema: AvroSchema): AvroLogicalType | undefined =>
  schema.kind === 'union' ? undefined : schema.logical

/** The name of a type in a union: its full name, or what kind it is. */
export const branchName = (schema: AvroSchema): string =>
  isAvroNamed(schema) ? schema.fullName : schema.kind
