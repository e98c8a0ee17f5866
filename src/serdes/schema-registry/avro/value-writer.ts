import type { ByteWriter } from '../../byte-writer.js'

/** Writes values of one type. */
export interface ValueWriter {
  /** @throws {Misfit} if the value is none of the type */
  write(value: unknown, target: ByteWriter): void
}
