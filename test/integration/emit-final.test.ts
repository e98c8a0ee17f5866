import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string, type Topology, TumblingWindows } from '../../src/index.js'
import { numbered } from '../support/counting.js'
import { TestApplication } from '../support/test-application.js'

const KEYS = 3000

/** Counts of ten seconds, each once, kept no longer than they have to be. */
function finalCounts(input: string, output: string): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string() })
    .groupByKey()
    .windowedBy(TumblingWindows.of('10s'))
    .emitStrategy('onWindowClose')
    .count({ store: 'counts' })
    .toStream(({ key, window }) => `${window.start} ${key}`)
    .mapValues(String)
    .to(output, { key: string(), value: string() })
  return builder.build()
}

describe('windows that are handed on when they close', () => {
  for (const lost of [false, true]) {
    test(`come once each after a restart${lost ? ' and the loss of the state' : ''}`, async () => {
      await using app = await TestApplication.create({ emitInterval: 0 })
      const input = await app.topic('input', 1, { 'retention.ms': '-1' })
      const output = await app.topic('output', 1, { 'retention.ms': '-1' })
      const topology = finalCounts(input, output)
      await app.client.write(input, numbered(2 * KEYS, { keys: KEYS }))
      const first = await app.started(topology)
      await app.committed(input)
      await first.close()
      if (lost) await app.deleteState()

      await app.client.write(input, [{ key: 'late for none', value: 'x', timestamp: 3_600_000 }])
      const second = await app.started(topology)
      await app.committed(input)
      await app.until('all is handed on', () => second.metrics().lag === 0)
      await second.close()
      const closed = await app.client.read(output)
      assert.equal(closed.length, KEYS)
      assert.equal(new Set(closed.map(({ key }) => key)).size, KEYS)
      assert.ok(closed.every(({ key, value }) => key!.startsWith('0 ') && value === '2'))
    })
  }
})
