import type { AvroPrimitiveName } from '../syntax/avro-schema.js'
import type { AvroDecimal } from './logical-types/decimal.js'
import type { AvroDuration } from './logical-types/duration.js'
import type { AvroLogicalTypes } from './logical-types/logical-type.js'

/** What decides how values look, besides the schema. */
export interface AvroValueOptions {
  readonly long?: 'number' | 'bigint' | undefined
  readonly logicalTypes?: AvroLogicalTypes | undefined
}

/**
 * The type of the values of a schema that is written in code, as `avro` gives it; `unknown` where the schema says too
 * little (it is no literal, or it names a type of another schema).
 *
 * ```ts
 * const schema = { type: 'record', name: 'Leg', fields: [{ name: 'to', type: 'string' }] } as const
 * type Leg = AvroValue<typeof schema> // { to: string }
 * ```
 *
 * @typeParam S the schema, `typeof` one that is declared `as const`
 * @typeParam O the options `long` and `logicalTypes`, where they are given
 */
export type AvroValue<S, O extends AvroValueOptions = object> = ValueOf<S, '', Definitions<S, ''>, O>

/** A named type in the schema, and the namespace that holds in it. */
interface Definition {
  readonly fullName: string
  readonly schema: unknown
  readonly namespace: string
}

/** @typeParam N the namespace around */
type ValueOf<S, N extends string, D extends Definition, O extends AvroValueOptions> = S extends string
  ? NameValue<S, N, D, O>
  : S extends readonly unknown[]
    ? UnionValue<S, N, D, O>
    : S extends { readonly type: infer T; readonly logicalType: infer L extends string }
      ? LogicalValue<S, L, T, RawValue<S, T, N, D, O>, O>
      : S extends { readonly type: infer T }
        ? RawValue<S, T, N, D, O>
        : unknown

type NameValue<
  S extends string,
  N extends string,
  D extends Definition,
  O extends AvroValueOptions,
> = S extends AvroPrimitiveName
  ? PrimitiveValue<S, O>
  : DefinedValue<Extract<D, { fullName: Qualified<S, N> }>, D, O>

type DefinedValue<Found extends Definition, D extends Definition, O extends AvroValueOptions> = [
  Found,
] extends [never]
  ? unknown
  : ValueOf<Found['schema'], Found['namespace'], D, O>

interface PrimitiveValues<O extends AvroValueOptions> {
  null: null
  boolean: boolean
  int: number
  long: O extends { readonly long: 'bigint' } ? bigint : number
  float: number
  double: number
  string: string
  bytes: Uint8Array
}

type PrimitiveValue<S extends AvroPrimitiveName, O extends AvroValueOptions> = PrimitiveValues<O>[S]

/** A value of the type itself, whatever its logical type. */
type RawValue<
  S,
  T,
  N extends string,
  D extends Definition,
  O extends AvroValueOptions,
> = T extends AvroPrimitiveName
  ? PrimitiveValue<T, O>
  : T extends 'record' | 'error'
    ? S extends { readonly fields: readonly (infer F)[] }
      ? {
          [Field in F as Field extends { readonly name: infer Name extends string }
            ? Name
            : never]: Field extends { readonly type: infer FieldType }
            ? ValueOf<FieldType, NamespaceIn<S, N>, D, O>
            : unknown
        }
      : unknown
    : T extends 'enum'
      ? S extends { readonly symbols: readonly (infer Symbols)[] }
        ? Symbols
        : unknown
      : T extends 'fixed'
        ? Uint8Array
        : T extends 'array'
          ? S extends { readonly items: infer Items }
            ? ValueOf<Items, N, D, O>[]
            : unknown
          : T extends 'map'
            ? S extends { readonly values: infer Values }
              ? Record<string, ValueOf<Values, N, D, O>>
              : unknown
            : T extends string
              ? NameValue<T, N, D, O>
              : ValueOf<T, N, D, O>

/** The form that the options ask for, or else the first one of the logical type. */
type LogicalValue<S, L extends string, T, Raw, O extends AvroValueOptions> =
  FormOf<L, O> extends infer Form
    ? Form extends 'raw'
      ? Raw
      : Form extends { fromValue(raw: never, attributes: never): infer Value }
        ? Value
        : Fits<S, L, T> extends true
          ? BuiltInValue<L, Form, Raw>
          : Raw
    : never

type FormOf<L extends string, O extends AvroValueOptions> = O extends { readonly logicalTypes: infer Forms }
  ? L extends keyof Forms
    ? Forms[L]
    : undefined
  : undefined

/** Whether the type may have the logical type. */
type Fits<S, L extends string, T> = L extends 'decimal'
  ? [T, S] extends ['bytes' | 'fixed', { readonly precision: number }]
    ? true
    : false
  : L extends 'uuid'
    ? S extends { readonly size: 16 }
      ? true
      : false
    : L extends 'duration'
      ? S extends { readonly size: 12 }
        ? true
        : false
      : L extends 'date'
        ? T extends 'int'
          ? true
          : false
        : T extends 'long'
          ? true
          : false

type BuiltInValue<L extends string, Form, Raw> = L extends 'decimal'
  ? Form extends 'unscaled'
    ? AvroDecimal
    : string
  : L extends 'uuid'
    ? string
    : L extends 'duration'
      ? AvroDuration
      : Form extends 'date'
        ? Date
        : L extends 'timestamp-nanos' | 'local-timestamp-nanos'
          ? bigint
          : L extends NumberTime
            ? number
            : Raw

type NumberTime =
  | 'time-micros'
  | 'timestamp-millis'
  | 'timestamp-micros'
  | 'local-timestamp-millis'
  | 'local-timestamp-micros'

type UnionValue<
  S extends readonly unknown[],
  N extends string,
  D extends Definition,
  O extends AvroValueOptions,
> = number extends S['length']
  ? unknown
  : IsAmbiguous<S, N, D, O> extends true
    ? WrappedValue<S[number], N, D, O>
    : ValueOf<S[number], N, D, O>

type WrappedValue<B, N extends string, D extends Definition, O extends AvroValueOptions> = B extends 'null'
  ? null
  : { [Name in BranchName<B, N>]: ValueOf<B, N, D, O> }

type BranchName<B, N extends string> = B extends string
  ? Qualified<B, N>
  : B extends { readonly name: string }
    ? FullName<B, N>
    : B extends { readonly type: infer T extends string }
      ? T
      : never

/** Whether values of two types of the union may look alike. */
type IsAmbiguous<
  S extends readonly unknown[],
  N extends string,
  D extends Definition,
  O extends AvroValueOptions,
  Seen = never,
  Others extends readonly unknown[] = [],
> = S extends readonly [infer B, ...infer Rest]
  ? BranchKind<B, N, D, O> extends infer Kind
    ? Kind extends Seen
      ? true
      : IsAmbiguous<Rest, N, D, O, Seen | Kind, Kind extends 'null' ? Others : [...Others, B]>
    : never
  : 'anything' extends Seen
    ? Others['length'] extends 0 | 1
      ? false
      : true
    : false

/** What a conversion gives may be anything to a union, whatever its type says. */
type BranchKind<
  B,
  N extends string,
  D extends Definition,
  O extends AvroValueOptions,
> = B extends AvroPrimitiveName
  ? KindOf<ValueOf<B, N, D, O>>
  : B extends string
    ? Extract<D, { fullName: Qualified<B, N> }> extends infer Found extends Definition
      ? BranchKind<Found['schema'], Found['namespace'], D, O>
      : 'anything'
    : B extends { readonly logicalType: infer L extends string }
      ? FormOf<L, O> extends { fromValue(raw: never, attributes: never): unknown }
        ? 'anything'
        : KindOf<ValueOf<B, N, D, O>>
      : KindOf<ValueOf<B, N, D, O>>

type KindOf<V> = [V] extends [null]
  ? 'null'
  : [V] extends [boolean]
    ? 'boolean'
    : [V] extends [number | bigint]
      ? 'number'
      : [V] extends [string]
        ? 'string'
        : [V] extends [Uint8Array]
          ? 'bytes'
          : [V] extends [readonly unknown[]]
            ? 'array'
            : [V] extends [Date]
              ? 'date'
              : [V] extends [object]
                ? 'object'
                : 'anything'

/** All named types in a schema. */
type Definitions<S, N extends string> = S extends string
  ? never
  : S extends readonly (infer B)[]
    ? Definitions<B, N>
    : S extends { readonly name: string; readonly type: infer T }
      ? T extends 'record' | 'error' | 'enum' | 'fixed'
        ?
            | { fullName: FullName<S, N>; schema: S; namespace: NamespaceIn<S, N> }
            | FieldDefinitions<S, NamespaceIn<S, N>>
        : Definitions<T, N>
      : S extends { readonly items: infer Items }
        ? Definitions<Items, N>
        : S extends { readonly values: infer Values }
          ? Definitions<Values, N>
          : S extends { readonly type: infer T }
            ? Definitions<T, N>
            : never

/** A field is a `{ name, type }` too, and no definition itself. */
type FieldDefinitions<S, N extends string> = S extends { readonly fields: readonly (infer F)[] }
  ? F extends { readonly type: infer T }
    ? Definitions<T, N>
    : never
  : never

type Qualified<Name extends string, N extends string> = Name extends AvroPrimitiveName | `${string}.${string}`
  ? Name
  : N extends ''
    ? Name
    : `${N}.${Name}`

type FullName<S extends { readonly name: string }, N extends string> = Qualified<
  S['name'],
  S extends { readonly namespace: infer Own extends string } ? Own : N
>

/** The namespace that holds within a named type. */
type NamespaceIn<S, N extends string> = S extends { readonly namespace: infer Own extends string }
  ? Own
  : S extends { readonly name: infer Name extends string }
    ? Name extends `${string}.${string}`
      ? Prefix<Name>
      : N
    : N

/** `a.b` of `a.b.C`. */
type Prefix<Name extends string> = Name extends `${infer Head}.${infer Rest}`
  ? Rest extends `${string}.${string}`
    ? `${Head}.${Prefix<Rest>}`
    : Head
  : ''
