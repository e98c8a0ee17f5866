import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { documentedCodes, errorTable } from '../support/error-table.js'

const root = join(import.meta.dirname, '../../..')

/** The sources of a folder. */
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))

describe('docs/errors.md', () => {
  test('has a row for every situation that is tested, and a test for every row', () => {
    const tested = sourcesOf('test/integration/errors').flatMap((source) => [
      ...[...source.matchAll(/situation\(\s*'([^']+)'/g)].map(([, name]) => name!),
      // Situations that are told apart by a loop stand in its list, or in a template with one place.
      ...[...errorTable().keys()].filter((name) => namedByLoop(source, name)),
    ])
    assert.deepEqual([...new Set(tested)].sort(), [...errorTable().keys()].sort())
  })

  test('has a place to read on for every code', () => {
    const written = /(?:super|new \w*Error)\(\s*'([A-Z][A-Z_]+)'/g
    const codes = [...sourcesOf('src'), ...sourcesOf('operators')].flatMap((source) =>
      [...source.matchAll(written)].map(([, code]) => code!),
    )
    const documented = documentedCodes()
    assert.ok(codes.length > 50)
    assert.deepEqual(
      codes.filter((code) => !documented.has(code)),
      [],
    )
    for (const { code } of errorTable().values()) assert.ok(code === 'none' || documented.has(code), code)
  })
})

function namedByLoop(source: string, name: string): boolean {
  const templates = [...source.matchAll(/situation\(`([^`]+)`/g)].map(([, template]) => template!)
  const byTemplate = templates.some((template) => {
    const [before, after] = template.split(/\$\{\w+\}/)
    if (!name.startsWith(before!) || !name.endsWith(after!)) return false
    return source.includes(`'${name.slice(before!.length, name.length - after!.length)}'`)
  })
  return byTemplate || (source.includes('situation(name,') && source.includes(`['${name}',`))
}
