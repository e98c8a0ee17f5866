/** The languages in which registries hold schemas, by the names that Confluent's has for them. */
export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF'

/** How a registry calls a schema in records: a number (Confluent), or a UUID (AWS Glue). */
export type SchemaId = number | string

/** A schema that another one uses. */
export interface SchemaReference {
  /** By what the other schema names it: an Avro full name, the `$ref` of a JSON Schema, a path that Protobuf imports. */
  readonly name: string
  readonly subject: string
  readonly version: number
}

/** A schema as a registry holds it. */
export interface SchemaText {
  readonly type: SchemaType
  readonly schema: string
  /** Absent: it uses no other. */
  readonly references?: readonly SchemaReference[]
}

/** A version of a subject. */
export interface SchemaVersion extends SchemaText {
  readonly id: SchemaId
  readonly subject: string
  readonly version: number
}

/** A schema with all that it refers to, so that it can be compiled. */
export interface ResolvedSchema {
  readonly type: SchemaType
  readonly schema: string
  /** What it refers to, directly or through others: a schema comes behind those that it needs itself. */
  readonly referenced: readonly ReferencedSchema[]
}

export interface ReferencedSchema {
  /** As {@link SchemaReference.name}. */
  readonly name: string
  readonly schema: string
}
