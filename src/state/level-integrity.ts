import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { crc32c } from '@node-rs/crc32'

/**
 * LevelDB writes a checksum with everything, but its binding does not let us ask that they are verified: a damaged
 * log would silently lose the batches in it while later ones are applied, and a damaged table would give wrong rows.
 * So they are verified here, before a database is opened.
 *
 * Formats: https://github.com/google/leveldb/tree/main/doc (log_format.md, table_format.md).
 */

/** What is wrong with the files of a database; undefined if nothing is, or there are none. */
export async function findDamage(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch((): string[] => [])
  // LevelDB would begin an empty database.
  if (!names.includes('CURRENT') && names.some((name) => name.startsWith('MANIFEST')))
    return 'CURRENT is missing'
  for (const name of names) {
    const isIntact = checkOf(name)
    if (isIntact === undefined) continue
    // Whoever has the database open may delete files at any time.
    const file = await readFile(join(directory, name)).catch(() => undefined)
    if (file !== undefined && !isIntact(file)) return `a checksum in ${name} is wrong`
  }
  return undefined
}

function checkOf(name: string): ((file: Buffer) => boolean) | undefined {
  if (name.endsWith('.log')) return isLogIntact
  return name.endsWith('.ldb') || name.endsWith('.sst') ? isTableIntact : undefined
}

/** LevelDB stores checksums rotated and shifted. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

const LOG_BLOCK = 32 * 1024
/** Checksum (4 bytes), length (2), type (1); the checksum covers type and data. */
const LOG_HEADER = 7

/** A log may end within a record, where its writer died: LevelDB leaves that one out, and nothing comes after it. */
export function isLogIntact(log: Buffer): boolean {
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
    at = end
  }
  return true
}

const FOOTER = 48
const MAGIC = Buffer.from('57fb808b247547db', 'hex')
/** Type (1 byte) and checksum (4) behind each block; the checksum covers data and type. */
const BLOCK_TRAILER = 5
const SNAPPY = 1

interface Handle {
  readonly offset: number
  readonly size: number
}

export function isTableIntact(table: Buffer): boolean {
  if (table.length < FOOTER || !table.subarray(-MAGIC.length).equals(MAGIC)) return false
  const footer = new Varints(table.subarray(table.length - FOOTER))
  try {
    const metaindex = footer.handle()
    const index = footer.handle()
    if (!isBlockIntact(table, metaindex) || !isBlockIntact(table, index)) return false
    // Filters, which tell what is not there, and data.
    const blocks = [metaindex, index].flatMap((block) => handlesIn(contentOf(table, block)))
    return blocks.every((block) => isBlockIntact(table, block))
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function isBlockIntact(table: Buffer, { offset, size }: Handle): boolean {
  const end = offset + size
  if (end + BLOCK_TRAILER > table.length) return false
  return masked(crc32c(table.subarray(offset, end + 1))) === table.readUInt32LE(end + 1)
}

/** The bytes of a block whose checksum is right. */
function contentOf(table: Buffer, { offset, size }: Handle): Buffer {
  const bytes = table.subarray(offset, offset + size)
  if (table[offset + size] !== SNAPPY) return bytes
  const snappy = createRequire(import.meta.url)('snappy') as typeof import('snappy')
  return snappy.uncompressSync(bytes, { asBuffer: true }) as Buffer
}

/** Entries (shared, unshared and value lengths, unshared key, value), then their restart points and the number of those. */
function handlesIn(index: Buffer): Handle[] {
  const restarts = index.readUInt32LE(index.length - 4)
  const entries = new Varints(index.subarray(0, index.length - 4 - 4 * restarts))
  const blocks: Handle[] = []
  while (entries.left) {
    entries.next()
    const unshared = entries.next()
    const valueLength = entries.next()
    entries.skip(unshared)
    const value = entries.take(valueLength)
    blocks.push(new Varints(value).handle())
  }
  return blocks
}

/** Reads numbers of seven bits a byte; a RangeError past the end. */
class Varints {
  private at = 0

  constructor(private readonly bytes: Buffer) {}

  get left(): boolean {
    return this.at < this.bytes.length
  }

  next(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes.readUInt8(this.at++)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  handle(): Handle {
    return { offset: this.next(), size: this.next() }
  }

  skip(length: number): void {
    this.at += length
  }

  take(length: number): Buffer {
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}
