/** What an Avro schema describes, parsed: names are full names, and names of types are replaced by the types. */
export type AvroSchema =
  | PrimitiveSchema
  | RecordSchema
  | EnumSchema
  | FixedSchema
  | ArraySchema
  | MapSchema
  | UnionSchema

export type PrimitiveKind = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes'

/** What the schema says of a type besides the type itself. */
interface Annotated {
  /** The attribute `logicalType`. */
  readonly logicalType?: string
  /** All attributes as the schema has them, where it has a logical type: `precision` and `scale`, for example. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

interface Named {
  /** Full name, with the namespace. */
  readonly name: string
  /** Full names under which other schemas may have the type. */
  readonly aliases: readonly string[]
}

export interface PrimitiveSchema extends Annotated {
  readonly kind: PrimitiveKind
}

export interface RecordSchema extends Annotated, Named {
  readonly kind: 'record'
  /** Filled after the record is made where it contains itself. */
  readonly fields: readonly RecordField[]
}

export interface RecordField {
  readonly name: string
  readonly aliases: readonly string[]
  readonly schema: AvroSchema
  /** JSON as the schema has it; integers beyond the safe ones are bigints. Undefined: there is none. */
  readonly default: unknown
}

export interface EnumSchema extends Annotated, Named {
  readonly kind: 'enum'
  readonly symbols: readonly string[]
  readonly default: string | undefined
}

export interface FixedSchema extends Annotated, Named {
  readonly kind: 'fixed'
  readonly size: number
}

export interface ArraySchema extends Annotated {
  readonly kind: 'array'
  readonly items: AvroSchema
}

export interface MapSchema extends Annotated {
  readonly kind: 'map'
  readonly values: AvroSchema
}

export interface UnionSchema extends Annotated {
  readonly kind: 'union'
  readonly branches: readonly AvroSchema[]
}

/** The name of a type in a union: its full name, or what kind it is. */
export const branchName = (schema: AvroSchema): string => ('name' in schema ? schema.name : schema.kind)

/** A type as messages call it: `long`, `enum flights.Status`, `null or string`. */
export function describeSchema(schema: AvroSchema): string {
  if (schema.kind === 'union') return schema.branches.map(describeSchema).join(' or ')
  if ('name' in schema) return `${schema.kind} ${schema.name}`
  if (schema.logicalType === undefined) return schema.kind
  const { precision, scale = 0 } = schema.attributes ?? {}
  const digits = precision === undefined ? '' : ` ${precision}, ${scale}`
  return `${schema.kind} (${schema.logicalType}${digits})`
}
