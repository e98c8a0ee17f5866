import type { ByteWriter } from '../byte-writer.js'
import type { ResolvedSchema, SchemaText, SchemaType } from './schema-text.js'

/** Writes values of one schema. */
export interface SchemaWriter<T> {
  /** Appends the payload of a value, without the header of the wire format. Throws on a value that does not fit. */
  write(value: T, target: ByteWriter): void
}

/** Reads what was written with one schema, as the reader's has it. */
export interface SchemaReader<T> {
  /** Reads the payload in `source[start, end)`, all of it. Throws on bytes that are none. */
  read(source: Buffer, start: number, end: number): T
}

/** A language of schemas: what {@link registered} needs to make a serde. Everything in it is synchronous. */
export interface SchemaFormat<T> {
  /** Name of the serde, for example `avro`. */
  readonly name: string
  readonly type: SchemaType
  /** The schema of the code; undefined: the latest one of the subject. */
  readonly schema: SchemaText | undefined
  /** Full name of what the schema describes, which record-name subjects are named by; undefined where it has none. */
  recordName(schema: ResolvedSchema): string | undefined
  /** @throws {InvalidSchemaError} */
  writer(schema: ResolvedSchema): SchemaWriter<T>
  /**
   * @param reader the schema of the code or the latest one; equal to the writer's where that is it
   * @throws {SchemaResolutionError} if it cannot read what the writer's has written
   * @throws {InvalidSchemaError}
   */
  reader(writer: ResolvedSchema, reader: ResolvedSchema): SchemaReader<T>
}
