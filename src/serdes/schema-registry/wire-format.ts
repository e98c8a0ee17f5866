import type { SchemaId } from './schema-text.js'

/** How the id of a schema stands before the bytes that were written with it. */
export interface WireFormat {
  readonly name: string
  /** What is written before a value, always the same for a schema. */
  header(id: SchemaId): Uint8Array
  /**
   * The id before a value.
   *
   * @throws {SerdeError} if the bytes do not begin as the format has it
   */
  idAt(source: Buffer, start: number, end: number): SchemaId
  /** How many bytes stand before the payload. */
  readonly headerLength: number
  /** Present where a payload may be packed, as AWS Glue's: the bytes behind the header of `source[start, end)`, unpacked. */
  readonly unpack?: (source: Buffer, start: number, end: number) => Buffer | undefined
}
