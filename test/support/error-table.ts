import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { CodedError } from '../../src/index.js'
import { messageOf, plain, rowsOf } from './document-table.js'

/** A row of the table of `docs/errors.md`. */
export interface ErrorRow {
  readonly situation: string
  readonly outcome: 'stops' | 'goes on'
  readonly className: string
  readonly code: string
  /** The whole message; `<...>` in the table stands for any text. */
  readonly message: RegExp
}

const document = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')

/** The codes that `docs/errors.md` has an anchor for, as in the `help` of an error. */
export const documentedCodes = (): Set<string> =>
  new Set([...document.matchAll(/<a id="([a-z_]+)"><\/a>/g)].map(([, id]) => id!.toUpperCase()))

function readRow(cells: readonly string[]): ErrorRow {
  const [situation, outcome, className, code, message] = cells
  assert.ok(message, `a row of docs/errors.md has too few columns: ${cells.join(' | ')}`)
  assert.ok(plain(outcome!) === 'stops' || plain(outcome!) === 'goes on', situation)
  return {
    situation: plain(situation!),
    outcome: plain(outcome!) as ErrorRow['outcome'],
    className: plain(className!),
    code: plain(code!),
    message: messageOf(message),
  }
}

/** The rows of the table, by situation. */
export const errorTable = (): Map<string, ErrorRow> => {
  const [table] = document.split('\n## ')
  return new Map(rowsOf(table!).map((cells) => [readRow(cells).situation, readRow(cells)]))
}

/** A test of one row of the table. */
export function situation(name: string, provoke: (row: ErrorRow) => Promise<void>): void {
  test(name, async () => {
    const row = errorTable().get(name)
    assert.ok(row, `docs/errors.md has no row '${name}'`)
    await provoke(row)
  })
}

/** Asserts that an error is what the table says: class, code, message and where to read on. */
export function assertRow(error: unknown, row: ErrorRow): asserts error is CodedError {
  const { name, code, message, help } = error as CodedError
  assert.deepEqual(
    { name, code, help },
    { name: row.className, code: row.code, help: `docs/errors.md#${row.code.toLowerCase()}` },
    message,
  )
  assert.match(message, row.message)
}
