import type { JsonValue } from '../../json-value.js'

/**
 * The type of the values that a JSON Schema describes, as far as its `type`, `properties`, `required`, `items`, `enum`,
 * `const`, `anyOf`, `oneOf` and `nullable` tell; what else there is (`$ref`, `allOf`) makes it a {@link JsonValue}.
 * The schema must be written `as const`.
 */
export type JsonSchemaValue<S> = S extends { readonly nullable: true } ? Described<S> | null : Described<S>

type Described<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly anyOf: readonly (infer A)[] }
      ? Each<A>
      : S extends { readonly oneOf: readonly (infer A)[] }
        ? Each<A>
        : S extends { readonly type: readonly (infer N)[] }
          ? OfType<S, N>
          : S extends { readonly type: infer N }
            ? OfType<S, N>
            : JsonValue

type Each<A> = A extends unknown ? JsonSchemaValue<A> : never

type OfType<S, N> = N extends 'string'
  ? string
  : N extends 'number' | 'integer'
    ? number
    : N extends 'boolean'
      ? boolean
      : N extends 'null'
        ? null
        : N extends 'array'
          ? OfArray<S>
          : N extends 'object'
            ? OfObject<S>
            : JsonValue

type OfArray<S> = S extends { readonly items: infer I extends object }
  ? readonly JsonSchemaValue<I>[]
  : readonly JsonValue[]

type OfObject<S> = S extends { readonly properties: infer P }
  ? Flat<
      { readonly [K in Extract<keyof P, Required<S>>]: JsonSchemaValue<P[K]> } & {
        readonly [K in Exclude<keyof P, Required<S>>]?: JsonSchemaValue<P[K]>
      }
    >
  : S extends { readonly additionalProperties: infer V extends object }
    ? { readonly [key: string]: JsonSchemaValue<V> }
    : { readonly [key: string]: JsonValue | undefined }

type Required<S> = S extends { readonly required: readonly (infer R)[] } ? R : never

type Flat<T> = { [K in keyof T]: T[K] }
