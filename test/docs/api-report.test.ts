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

/** The lines that differ, as a reviewer reads them. */
function differences(present: string, expected: string): string[] {
  const [before, after] = [present.split('\n'), expected.split('\n')]
  const [had, has] = [new Set(before), new Set(after)]
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ]
}

describe('the public API', () => {
  for (const { file, present, expected } of apiReports()) {
    test(`is that of ${file}`, () => {
      const message = [
        `the public API is not that of ${file} any more:`,
        ...differences(present, expected),
        'if it is meant to change, run npm run docs, and tell users in CHANGELOG.md',
      ].join('\n')
      assert.ok(present === expected, message)
    })
  }
})
