import type { Serde } from '../../serde.js'
import { type RegisteredSerdeOptions, registered } from '../registered-serde.js'
import { type ProtobufFormatOptions, protobufFormat } from './protobuf-format.js'

/** Options of {@link protobuf}. */
export interface ProtobufOptions extends ProtobufFormatOptions, RegisteredSerdeOptions {}

/**
 * Messages of Protobuf, as plain objects whose properties are the fields in lowerCamelCase; bytes begin with the id of
 * the registered schema, in the registry's wire format, and where the message stands in it.
 *
 * The type of the values is given, `protobuf<Flight>({ ... })`, and trusted. Equal values have equal bytes, so it serves
 * keys as well.
 *
 * @throws {InvalidSchemaError} if the schema is none, or has no such message
 */
export function protobuf<T>(options: ProtobufOptions): Serde<T> {
  return registered(protobufFormat<T>(options), options)
}
