/** The scalar types of the language, by its names for them. */
export type ScalarName =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes'

/** A message as a .proto file declares it. */
export interface MessageType {
  /** Full name, for example `travel.Flight`. */
  readonly name: string
  /** By ascending number. */
  readonly fields: readonly MessageField[]
}

export interface EnumType {
  readonly name: string
  /** In the order of the declaration; several may have one number. */
  readonly numbers: ReadonlyMap<string, number>
}

export type FieldType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarName }
  | { readonly kind: 'enum'; readonly enum: EnumType }
  | { readonly kind: 'message'; readonly message: MessageType }

/**
 * - `implicit`: absent means the zero value, which is not written (proto3).
 * - `explicit`: it is there or not (proto2, `optional` of proto3, members of a oneof, messages).
 * - `required`: proto2.
 */
export type Cardinality = 'implicit' | 'explicit' | 'required' | 'repeated' | 'map'

export interface MessageField {
  /** The property of values: the declared name in lowerCamelCase, as in Protobuf's JSON. */
  readonly name: string
  readonly number: number
  readonly cardinality: Cardinality
  /** Of a map: the type of its values. */
  readonly type: FieldType
  /** Only of a map. */
  readonly keyType?: ScalarName
  /** Repeated scalars stand in one piece. */
  readonly packed: boolean
  /** A message between two tags (a group of proto2) instead of behind its length. */
  readonly delimited: boolean
  /** Only one of the fields with one oneof is there. */
  readonly oneof?: string
  /** `[default = ...]` of proto2: what absent means. */
  readonly default?: unknown
}
