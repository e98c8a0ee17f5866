import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { unmatchedValues } from '../../operators/unmatched-key.js'
import { sessionWindowed, string, windowed } from '../../src/index.js'
import { change } from '../../src/serdes/change.js'
import { combinedKey, subscriptionRow } from '../../src/serdes/foreign-key.js'
import { opens } from '../../src/serdes/serde.js'
import { valueList } from '../../src/serdes/value-list.js'
import { GatedSerde } from '../support/gated-serde.js'

const root = join(import.meta.dirname, '../../..')

/** A function that makes a serde of other serdes. */
const MADE_OF_OTHERS = /(?:=|function \w+)\s*<[^>]*>\(([^)]*\bSerde<[^)]*)\):\s*Serde</

const sources = ['operators', 'src/serdes', 'src/state', 'src/dsl', 'src/aggregators'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') })),
)

describe('the parts of a serde', () => {
  const inner = new GatedSerde('')
  for (const serde of [
    windowed(inner, { size: 1 }),
    sessionWindowed(inner),
    valueList(inner),
    change(inner),
    combinedKey(string(), inner),
    subscriptionRow(string(), inner),
    unmatchedValues(inner, string()),
    windowed(valueList(change(inner)), { size: 1 }),
  ]) {
    test(`are found: ${serde.name}`, () => assert.ok(opens(serde)))
  }

  test('are told by all that are made of others: else what is in them is not opened', () => {
    const made = sources.filter(({ text }) => MADE_OF_OTHERS.test(text))
    assert.ok(made.length > 12, `${made.length} files`)
    assert.deepEqual(
      made.filter(({ text }) => !/\bparts\b/.test(text)).map(({ file }) => file),
      [],
    )
  })

  test('are none of those that stand for themselves', () => assert.equal(opens(string()), false))
})
