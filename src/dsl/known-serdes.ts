import type { Serde } from '../serdes/serde.js'

/**
 * Which serdes a stream knows. It forgets one when an operator changes the type that the serde was for; then the
 * next operator that needs bytes has to be given one.
 */
export type KnownSerde = 'key' | 'value'

/** `Required` serdes as they must be given to an operator, the known ones optional. */
export type SerdesFor<K, V, Known extends KnownSerde> = KeySerdeFor<K, Known> & ValueSerdeFor<V, Known>

/** The key serde: required unless the stream knows one. A null key needs none. */
export type KeySerdeFor<K, Known extends KnownSerde> = 'key' extends Known
  ? { readonly key?: Serde<NonNullable<K>> | undefined }
  : { readonly key: Serde<NonNullable<K>> }

/** The value serde: required unless the stream knows one. A null value needs none. */
export type ValueSerdeFor<V, Known extends KnownSerde> = 'value' extends Known
  ? { readonly value?: Serde<NonNullable<V>> | undefined }
  : { readonly value: Serde<NonNullable<V>> }

/** The value serde of the other stream of a join: required unless that stream knows one. */
export type OtherValueSerdeFor<V, Known extends KnownSerde> = 'value' extends Known
  ? { readonly otherValue?: Serde<NonNullable<V>> | undefined }
  : { readonly otherValue: Serde<NonNullable<V>> }

/** The last argument of an operator: left out where nothing in it is required. */
export type Options<T extends object> = Record<never, never> extends T ? [options?: T] : [options: T]
