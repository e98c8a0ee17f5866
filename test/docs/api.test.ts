import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { EXAMPLES } from './generated/api-examples.js'

const ROOT = join(import.meta.dirname, '../../..')

/** What is made of operators; every method of theirs has an example. */
const WITH_OPERATORS = [
  'StreamsBuilder',
  'TopologyBuilder',
  'Topology',
  'KStream',
  'KStreamAnalytics',
  'AsyncStreams',
  'BranchedKStream',
  'KTable',
  'Suppressed',
  'KGroupedStream',
  'KGroupedTable',
  'CogroupedKStream',
  'TimeWindowedKStream',
  'SessionWindowedKStream',
  'TimeWindowedCogroupedKStream',
  'SessionWindowedCogroupedKStream',
  'TumblingWindows',
  'HoppingWindows',
  'SlidingWindows',
  'SessionWindows',
  'UnlimitedWindows',
  'JoinWindows',
  'JoinInterval',
  'Stores',
  'Aggregators',
]

interface ExportedName {
  readonly name: string
  readonly members: readonly { readonly name: string; readonly kind: 'method' | 'property' }[]
}

/** A module of the scripts, which are not compiled. */
const script = (name: string): Promise<unknown> => import(pathToFileURL(join(ROOT, 'scripts/lib', name)).href)

const { readApi } = (await script('api-reader.mjs')) as { readApi(): readonly ExportedName[] }
const { apiFiles } = (await script('write-api.mjs')) as {
  apiFiles(api: readonly ExportedName[]): ReadonlyMap<string, string>
}
const api = readApi()

describe('the reference', () => {
  for (const name of WITH_OPERATORS) {
    test(`has an example for every operator of ${name}`, () => {
      const exported = api.find((each) => each.name === name)
      assert.ok(exported, 'it is not exported')
      const operators = exported.members.filter(({ kind }) => kind === 'method')
      assert.ok(operators.length > 0)
      const without = operators.filter((operator) => EXAMPLES[`${name}.${operator.name}`] === undefined)
      assert.deepEqual(
        without.map((operator) => operator.name),
        [],
      )
    })
  }

  for (const [file, text] of apiFiles(api)) {
    test(`${file} is what the doc comments give; else run npm run docs`, () => {
      assert.equal(readFileSync(join(ROOT, file), 'utf8'), text)
    })
  }
})

describe('the example of', () => {
  for (const [about, run] of Object.entries(EXAMPLES)) test(about, run)
})
