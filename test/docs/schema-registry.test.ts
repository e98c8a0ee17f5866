import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { openSerdes } from '../../src/runtime/serde-uses.js'
import { InMemorySchemaRegistry } from '../../src/serdes/schema-registry/index.js'
import { worstFlights } from './schema-registry-example.js'
// Its test is one of this file.
import './schema-registry-test-example.js'

const fromRoot = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

const codeIn = (page: string): (string | undefined)[] =>
  [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code)

describe('docs/schema-registry.md', () => {
  test('has its examples as they are type-checked and run here', async () => {
    const tested = await fromRoot('test/docs/schema-registry-test-example.ts')
    assert.deepEqual(codeIn(await fromRoot('docs/schema-registry.md')), [
      await fromRoot('test/docs/schema-registry-example.ts'),
      tested.replace('./schema-registry-example.js', './flights.js'),
    ])
  })

  test('has the subjects that its first topology needs', async () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    await openSerdes(worstFlights(registry), 'flights')
    const page = await fromRoot('docs/schema-registry.md')
    const shown = [...page.matchAll(/^(\S+): version 1, id 1, registered$/gm)].map(([, subject]) => subject!)
    assert.equal(shown.length, 3)
    for (const subject of shown) assert.equal(registry.versions(subject).length, 1, subject)
  })
})

describe('README', () => {
  test('has the same example of typed data', async () => {
    const [, typed] = codeIn(await fromRoot('README.md'))
      .map((code) => code!)
      .filter((code) => code.startsWith('import'))
    assert.equal(typed, await fromRoot('test/docs/schema-registry-example.ts'))
  })
})
