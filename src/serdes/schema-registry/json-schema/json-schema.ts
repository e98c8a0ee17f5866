import type { JsonValue } from '../../json-value.js'
import type { Serde } from '../../serde.js'
import { type RegisteredSerdeOptions, registered } from '../registered-serde.js'
import { type JsonSchemaFormatOptions, jsonSchemaFormat } from './json-schema-format.js'
import type { JsonSchemaValue } from './json-schema-value.js'

/** Options of {@link jsonSchema}. */
export interface JsonSchemaOptions extends JsonSchemaFormatOptions, RegisteredSerdeOptions {}

/** A schema whose values have a type that can be known from it. */
export type JsonSchemaLiteral = { readonly [keyword: string]: unknown }

/**
 * JSON text that a registered JSON Schema describes: bytes begin with the id of the schema, in the registry's wire
 * format. Values are held against the schema when they are written and when they are read.
 *
 * The type of the values comes with a schema that is written in code; of one in a file, in text or in the registry it is
 * given, `jsonSchema<Flight>({ ... })`. As a key: two objects are the same key only if their properties have the same
 * order.
 *
 * @throws {InvalidSchemaError} if the schema is none
 */
export function jsonSchema<const S extends JsonSchemaLiteral>(
  options: JsonSchemaOptions & { readonly schema: S },
): Serde<JsonSchemaValue<S>>
export function jsonSchema<T = JsonValue>(options: JsonSchemaOptions): Serde<T>
export function jsonSchema<T>(options: JsonSchemaOptions): Serde<T> {
  return registered(jsonSchemaFormat<T>(options), options)
}
