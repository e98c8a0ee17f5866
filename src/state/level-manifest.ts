import { logRecords } from './level-log.js'
import { Varints } from './level-varints.js'

/** Tags of what a record of the manifest tells (version_edit.cc of LevelDB). */
const COMPARATOR = 1
const LOG_NUMBER = 2
const NEXT_FILE_NUMBER = 3
const LAST_SEQUENCE = 4
const COMPACT_POINTER = 5
const DELETED_FILE = 6
const NEW_FILE = 7
const PREVIOUS_LOG_NUMBER = 9

/**
 * The numbers of the tables that a manifest has the database made of. A process that dies while it writes a table leaves
 * it half written, and unknown to the manifest: LevelDB deletes it. Undefined where it is no manifest that we can read.
 */
export function tablesIn(manifest: Buffer): Set<number> | undefined {
  const tables = new Set<number>()
  try {
    for (const record of logRecords(manifest)) applyEdit(new Varints(record), tables)
    return tables
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function applyEdit(edit: Varints, tables: Set<number>): void {
  const skipText = (): void => edit.skip(edit.next())
  while (edit.left) {
    const tag = edit.next()
    switch (tag) {
      case COMPARATOR:
        skipText()
        break
      case LOG_NUMBER:
      case NEXT_FILE_NUMBER:
      case LAST_SEQUENCE:
      case PREVIOUS_LOG_NUMBER:
        edit.next()
        break
      case COMPACT_POINTER:
        edit.next()
        skipText()
        break
      case DELETED_FILE:
        edit.next()
        tables.delete(edit.next())
        break
      case NEW_FILE:
        edit.next()
        tables.add(edit.next())
        edit.next()
        skipText()
        skipText()
        break
      default:
        throw new RangeError(`a manifest of LevelDB has no tag ${tag}`)
    }
  }
}
