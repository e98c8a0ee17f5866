import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { crc32c } from '@node-rs/crc32'
import { isLogIntact, masked } from './level-log.js'
import { tablesIn } from './level-manifest.js'
import { type Handle, Varints } from './level-varints.js'

/**
 * LevelDB writes a checksum with everything, but its binding does not let us ask that they are verified: a damaged
 * log would silently lose the batches in it while later ones are applied, and a damaged table would give wrong rows.
 * So they are verified here, before a database is opened: logs, and the tables that the manifest names.
 *
 * Formats: https://github.com/google/leveldb/tree/main/doc (log_format.md, table_format.md).
 */

/** What is wrong with the files of a database; undefined if nothing is, or there are none. */
export async function findDamage(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch((): string[] => [])
  // LevelDB would begin an empty database.
  if (!names.includes('CURRENT') && names.some((name) => name.startsWith('MANIFEST')))
    return 'CURRENT is missing'
  const tables = await knownTables(directory)
  for (const name of names) {
    const isIntact = checkOf(name, tables)
    if (isIntact === undefined) continue
    // Whoever has the database open may delete files at any time.
    const file = await readFile(join(directory, name)).catch(() => undefined)
    if (file !== undefined && !isIntact(file)) return `a checksum in ${name} is wrong`
  }
  return undefined
}

/** The tables that count; undefined where the manifest cannot be read, as LevelDB will say. */
async function knownTables(directory: string): Promise<ReadonlySet<number> | undefined> {
  const current = await readFile(join(directory, 'CURRENT'), 'utf8').catch(() => undefined)
  if (current === undefined) return undefined
  const manifest = await readFile(join(directory, current.trim())).catch(() => undefined)
  return manifest && tablesIn(manifest)
}

function checkOf(
  name: string,
  tables: ReadonlySet<number> | undefined,
): ((file: Buffer) => boolean) | undefined {
  if (name.endsWith('.log')) return isLogIntact
  if (!name.endsWith('.ldb') && !name.endsWith('.sst')) return undefined
  return tables === undefined || tables.has(Number.parseInt(name, 10)) ? isTableIntact : undefined
}

const FOOTER = 48
const MAGIC = Buffer.from('57fb808b247547db', 'hex')
/** Type (1 byte) and checksum (4) behind each block; the checksum covers data and type. */
const BLOCK_TRAILER = 5
const SNAPPY = 1

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
