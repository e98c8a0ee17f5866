import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { Registry } from 'prom-client'
import { KafkaStreams } from '../../src/index.js'
import { feedRoutes } from '../../src/observe/index.js'
import { countingTopology } from '../support/counting.js'
import { plain, rowsOf } from '../support/document-table.js'

const fromRoot = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

describe('docs/feed.md', () => {
  test('has test/docs/feed-example.ts, which is type-checked with the project and run on a broker', async () => {
    const [, code] = /^```ts\n([\s\S]*?)^```/m.exec(await fromRoot('docs/feed.md'))!
    assert.equal(code, await fromRoot('test/docs/feed-example.ts'))
  })

  test('has a row for each metric, and no other', async () => {
    await using streams = new KafkaStreams(countingTopology('input', 'output'), {
      applicationId: 'app',
      brokers: ['127.0.0.1:1'],
    })
    const registry = new Registry()
    feedRoutes(streams, { registry })
    const metrics = await registry.getMetricsAsJSON()
    const [, section] = (await fromRoot('docs/feed.md')).split('\n## Metrics\n')
    assert.deepEqual(
      rowsOf(section!).map((cells) => cells.map(plain)),
      metrics.map(({ name, type, help }) => [name, String(type), help]),
    )
  })
})
