import type { Serde } from '../../serde.js'
import { type RegisteredSerdeOptions, registered } from '../registered-serde.js'
import type { AvroPrimitiveName } from '../syntax/avro-schema.js'
import { type AvroFormatOptions, avroFormat } from './avro-format.js'
import type { AvroValue } from './avro-value.js'
import type { AvroLogicalTypes } from './logical-types/logical-type.js'

/** Options of {@link avro}. */
export interface AvroOptions extends AvroFormatOptions, RegisteredSerdeOptions {}

/** A schema whose values have a type that can be known from it. */
export type AvroSchemaLiteral = AvroPrimitiveName | readonly unknown[] | { readonly type: unknown }

/**
 * Avro, in a schema that is registered: bytes begin with its id, in the registry's wire format.
 *
 * The type of the values comes with a schema that is written in code; of one in a file, in JSON text or in the registry
 * it is given, `avro<Flight>({ ... })`, and trusted: what is read has the shape of the reader's schema, whatever it was
 * written with. Equal values have equal bytes, so it serves keys as well.
 *
 * @throws {InvalidSchemaError} if the schema is none
 */
export function avro<
  const S extends AvroSchemaLiteral,
  const L extends 'number' | 'bigint' = 'number',
  const F extends AvroLogicalTypes = Record<never, never>,
>(
  options: AvroOptions & { readonly schema: S; readonly long?: L; readonly logicalTypes?: F },
): Serde<AvroValue<S, { long: L; logicalTypes: F }>>
export function avro<T>(options: AvroOptions): Serde<T>
export function avro<T>(options: AvroOptions): Serde<T> {
  return registered(avroFormat<T>(options), options)
}
