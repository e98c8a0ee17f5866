import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { OPTIONS, SPELLINGS } from '../../src/cli/config/spellings.js'
import { ExitCode } from '../../src/cli/exit-code.js'
import { rowsOf } from '../support/document-table.js'

const document = readFileSync(join(import.meta.dirname, '../../../docs/running.md'), 'utf8')

/** The rows of the table below a heading. */
function tableBelow(heading: string): string[][] {
  const section = document.split('\n## ').find((each) => each.startsWith(`${heading}\n`))
  assert.ok(section, heading)
  return rowsOf(section).map((cells) => cells.map((cell) => cell.trim()))
}

const code = (text: string): string => `\`${text}\``

function presetOf({ otherwise, default: preset }: { otherwise?: string; default?: unknown }): string {
  if (otherwise !== undefined) return otherwise
  return preset === undefined ? '' : code(String(preset))
}

describe('docs/running.md', () => {
  test('has a row for each option, and no other', () => {
    const expected = OPTIONS.map((option) => {
      const ways = SPELLINGS.filter((spelling) => spelling.option === option)
      return [
        ways.map(({ name }) => code(name)).join(', '),
        ways.flatMap(({ flag }) => (flag === undefined ? [] : code(`--${flag}`))).join(', '),
        ways.map(({ variable }) => code(variable)).join(', '),
        option.allowed,
        presetOf(option),
        option.meaning,
      ]
    })
    assert.deepEqual(tableBelow('Options'), expected)
  })

  test('has a row for each exit code', () => {
    const codes = tableBelow('Exit codes').map(([number]) => number)
    assert.deepEqual(codes, [...Object.values(ExitCode).map(String), '130, 143'])
  })
})
