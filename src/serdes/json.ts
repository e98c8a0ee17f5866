import type { ByteWriter } from './byte-writer.js'
import { JsonReader } from './json-reader.js'
import type { JsonCompatible, JsonValue } from './json-value.js'
import type { Serde } from './serde.js'
import { SerdeError, shown } from './serde-error.js'
import { describeIssues, type SchemaResult, type StandardSchema } from './standard-schema.js'

class JsonSerde<T> implements Serde<T> {
  readonly name = 'json'
  private readonly reader = new JsonReader()

  serialize(value: T, target: ByteWriter): void {
    target.writeUtf8(this.textOf(value))
  }

  deserialize(source: Buffer, start: number, end: number): T {
    return this.reader.read(source, start, end) as T
  }

  readonly identity = (value: T): string => this.textOf(value)

  private textOf(value: T): string {
    const text: string | undefined = JSON.stringify(value)
    if (text === undefined) throw new SerdeError(this.name, `${shown(value)} is no JSON value`)
    return text
  }
}

class ValidatingJsonSerde<T> extends JsonSerde<T> {
  constructor(private readonly schema: StandardSchema<T>) {
    super()
  }

  override deserialize(source: Buffer, start: number, end: number): T {
    const result = this.schema['~standard'].validate(super.deserialize(source, start, end))
    if (result instanceof Promise) return this.refuseAsync(result)
    if (result.issues !== undefined) throw new SerdeError(this.name, describeIssues(result.issues))
    return result.value
  }

  private refuseAsync(result: Promise<SchemaResult<T>>): never {
    // The refusal is the error; a rejection of the promise on top of it would end the process.
    result.catch(() => undefined)
    const { vendor } = this.schema['~standard']
    throw new SerdeError(this.name, `the ${vendor} schema validates asynchronously: use a synchronous schema`)
  }
}

/**
 * JSON text in UTF-8.
 *
 * With a schema (any Standard Schema, such as Zod's or Valibot's), each value is validated when it is read, and `T` is
 * the schema's output; the schema must be synchronous. Without one, **`json<T>()` is unchecked**: it trusts that what
 * is in the topic is a `T`. `T` must be JSON-typed, so that a value comes back from JSON as it went in.
 *
 * As a key: two objects are the same key only if their properties have the same order.
 */
export function json<T>(schema: StandardSchema<T>): Serde<T>
export function json<T extends JsonCompatible<T> = JsonValue>(): Serde<T>
export function json<T>(schema?: StandardSchema<T>): Serde<T> {
  return schema === undefined ? new JsonSerde<T>() : new ValidatingJsonSerde(schema)
}
