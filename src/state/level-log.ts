import { crc32c } from '@node-rs/crc32'

/*
 * Logs of LevelDB: what is written before it is in a table, and the manifest, which tells the tables that count.
 * Format: https://github.com/google/leveldb/blob/main/doc/log_format.md
 */

/** LevelDB stores checksums rotated and shifted. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

const LOG_BLOCK = 32 * 1024
/** Checksum (4 bytes), length (2), type (1); the checksum covers type and data. */
const LOG_HEADER = 7
/** Types of fragments: a whole record, or the last part of one. The others are followed by more. */
const FULL = 1
const LAST = 4

/** A log may end within a record, where its writer died: LevelDB leaves that one out, and nothing comes after it. */
export function isLogIntact(log: Buffer): boolean {
  return readLog(log, () => {})
}

/** The records of a log, one after the other, as far as it is intact. */
export function logRecords(log: Buffer): Buffer[] {
  const records: Buffer[] = []
  let parts: Buffer[] = []
  readLog(log, (type, data) => {
    parts.push(data)
    if (type !== FULL && type !== LAST) return
    records.push(Buffer.concat(parts))
    parts = []
  })
  return records
}

/** Gives the fragments of records; false where a checksum is wrong. */
function readLog(log: Buffer, fragment: (type: number, data: Buffer) => void): boolean {
  let at = 0
  while (at + LOG_HEADER <= log.length) {
    const blockEnd = at - (at % LOG_BLOCK) + LOG_BLOCK
    const length = log.readUInt16LE(at + 4)
    const end = at + LOG_HEADER + length
    const unused = blockEnd - at < LOG_HEADER || (length === 0 && log[at + 6] === 0)
    if (unused) {
      at = blockEnd
      continue
    }
    if (end > log.length) return end <= blockEnd
    if (end > blockEnd || masked(crc32c(log.subarray(at + 6, end))) !== log.readUInt32LE(at)) return false
    fragment(log[at + 6]!, log.subarray(at + LOG_HEADER, end))
    at = end
  }
  return true
}
