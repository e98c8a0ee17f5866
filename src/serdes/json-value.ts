/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }

/**
 * A type that `T` is assignable to where a value of `T` comes back from JSON as it went in. Interfaces pass, unlike
 * with {@link JsonValue}; optional properties pass; `Date`, `Map`, `bigint` and classes with methods do not.
 */
export type JsonCompatible<T> = { [P in keyof T]: JsonProperty<T[P]> } & (
  | string
  | number
  | boolean
  | null
  | object
)

type JsonProperty<V> = V extends JsonValue | undefined
  ? V
  : V extends (...args: never) => unknown
    ? never
    : V extends object
      ? { [P in keyof V]: P extends symbol ? never : JsonProperty<V[P]> }
      : never
