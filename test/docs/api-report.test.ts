import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'

interface ApiReport {
  readonly file: string
  readonly present: string
  readonly expected: string
}

const SCRIPT = join(import.meta.dirname, '../../../scripts/lib/api-report.mjs')

const { apiReports } = (await import(pathToFileURL(SCRIPT).href)) as { apiReports(): readonly ApiReport[] }

/** The lines of one text that the other does not have, or has less often. */
function without(text: string, other: string): string[] {
  const left = other.split('\n')
  return text.split('\n').filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

describe('the public API', () => {
  for (const { file, present, expected } of apiReports()) {
    test(`is that of ${file}`, () => {
      const message = [
        `the public API is not that of ${file} any more:`,
        ...without(present, expected).map((line) => `- ${line}`),
        ...without(expected, present).map((line) => `+ ${line}`),
        'if it is meant to change, run npm run docs, and tell users in CHANGELOG.md',
      ].join('\n')
      assert.ok(present === expected, message)
    })
  }
})
