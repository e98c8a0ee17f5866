import type { ByteWriter } from '../../serdes/byte-writer.js'
import type { RecordHeaders } from '../../serdes/record-headers.js'

/** Writes the headers of a record: their count, then each key and value with its length. */
export const writeHeaders = (target: ByteWriter, headers: RecordHeaders): void => {
  target.writeVarint(headers.length)
  for (const { key, value } of headers) {
    target.writeVarint(Buffer.byteLength(key))
    target.writeUtf8(key)
    if (value === null) {
      target.writeVarint(-1)
    } else {
      target.writeVarint(value.length)
      target.writeBytes(value)
    }
  }
}
