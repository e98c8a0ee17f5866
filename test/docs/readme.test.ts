import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { int64, StreamsBuilder, string } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

const fromRoot = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('README', () => {
  test('its first topology is test/docs/readme-example.ts, which is type-checked with the project', async () => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(await fromRoot('README.md'))!
    assert.equal(code, await fromRoot('test/docs/readme-example.ts'))
  })

  test('its first topology counts words', () => {
    const builder = new StreamsBuilder()
    builder
      .stream('sentences', { key: string(), value: string() })
      .flatMapValues((sentence) => sentence.toLowerCase().split(' '))
      .groupBy((_, word) => word, { key: string(), value: string() })
      .count({ store: 'words' })
      .toStream()
      .to('word-counts', { value: int64() })
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('sentences', { key: string(), value: string() }).pipe('1', 'to be or not to be')
    const counts = driver.createOutputTopic('word-counts', { key: string(), value: int64() }).readKeyValues()
    assert.deepEqual(Object.fromEntries(counts), { to: 2, be: 2, or: 1, not: 1 })
  })
})
