import { setOwnProperty } from '../own-property.js'
import { type AvroRecord, type AvroSchema, type AvroUnion, branchName } from '../syntax/avro-schema.js'
import { describeSchema } from './describe-schema.js'
import type { Representation } from './logical-types/logical-type.js'
import { Misfit, placed, unexpected } from './misfit.js'
import { unionValues } from './union-values.js'

/**
 * What gives the value of a default, as a reader gives it: each time a new one where it could be changed.
 *
 * @throws {Misfit} if the default is none of the type
 */
export function defaultValue(
  schema: AvroSchema,
  json: unknown,
  representation: Representation,
): () => unknown {
  const value = typedValue(schema, json, representation)
  return typeof value === 'object' && value !== null
    ? () => typedValue(schema, json, representation)
    : () => value
}

function typedValue(schema: AvroSchema, json: unknown, representation: Representation): unknown {
  const raw = rawOf(schema, json, representation)
  const conversion = representation.conversionOf(schema)
  return conversion === undefined ? raw : conversion.fromRaw(raw)
}

function rawOf(schema: AvroSchema, json: unknown, representation: Representation): unknown {
  switch (schema.kind) {
    case 'null':
      return required(schema, json, json === null)
    case 'boolean':
      return required(schema, json, typeof json === 'boolean')
    case 'int':
      return required(schema, json, typeof json === 'number' && (json | 0) === json)
    case 'long':
      return longOf(schema, json, representation)
    case 'float':
    case 'double':
      return Number(required(schema, json, typeof json === 'number' || typeof json === 'bigint'))
    case 'string':
      return required(schema, json, typeof json === 'string')
    case 'bytes':
      return bytesOf(schema, json)
    case 'fixed': {
      const bytes = bytesOf(schema, json)
      required(schema, json, bytes.length === schema.size)
      return bytes
    }
    case 'enum':
      return required(schema, json, schema.symbols.includes(json as string))
    case 'array':
      if (!Array.isArray(json)) throw unexpected(describeSchema(schema), json)
      return json.map((item, index) => at(index, () => typedValue(schema.items, item, representation)))
    case 'map': {
      const map: Record<string, unknown> = {}
      for (const [key, entry] of Object.entries(objectOf(schema, json))) {
        setOwnProperty(
          map,
          key,
          at(key, () => typedValue(schema.values, entry, representation)),
        )
      }
      return map
    }
    case 'record':
      return recordOf(schema, objectOf(schema, json), representation)
    case 'union':
      return unionOf(schema, json, representation)
  }
}

function required(schema: AvroSchema, json: unknown, isValid: boolean): unknown {
  if (!isValid) throw unexpected(describeSchema(schema), json)
  return json
}

function longOf(schema: AvroSchema, json: unknown, representation: Representation): number | bigint {
  if (representation.isBigLong(schema)) {
    if (typeof json === 'bigint' && BigInt.asIntN(64, json) === json) return json
    return BigInt(required(schema, json, Number.isSafeInteger(json)) as number)
  }
  if (typeof json === 'bigint')
    throw new Misfit(`${json} is beyond the safe integers: use option long: 'bigint'`)
  return required(schema, json, Number.isSafeInteger(json)) as number
}

/** Each character is a byte. */
function bytesOf(schema: AvroSchema, json: unknown): Uint8Array {
  if (typeof json !== 'string' || [...json].some((char) => char > '\u00ff'))
    throw unexpected(describeSchema(schema), json)
  return new Uint8Array(Buffer.from(json, 'latin1'))
}

function objectOf(schema: AvroSchema, json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw unexpected(describeSchema(schema), json)
  return json as Readonly<Record<string, unknown>>
}

function recordOf(
  schema: AvroRecord,
  json: Readonly<Record<string, unknown>>,
  representation: Representation,
): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (const field of schema.fields) {
    const given = Object.hasOwn(json, field.name) ? json[field.name] : field.default
    setOwnProperty(
      record,
      field.name,
      at(field.name, () => typedValue(field.type, given, representation)),
    )
  }
  return record
}

/** Of the first type that it is a value of: older versions of Avro ask that this is the first one of the union. */
function unionOf(union: AvroUnion, json: unknown, representation: Representation): unknown {
  for (const branch of union.branches) {
    try {
      const value = typedValue(branch, json, representation)
      return unionValues(union, representation).wrapped && value !== null
        ? { [branchName(branch)]: value }
        : value
    } catch (error) {
      if (!(error instanceof Misfit)) throw error
    }
  }
  throw unexpected(describeSchema(union), json)
}

function at<T>(step: string | number, value: () => T): T {
  try {
    return value()
  } catch (error) {
    throw placed(error, step)
  }
}
