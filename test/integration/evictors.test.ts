import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Evictors, GlobalWindows, StreamsBuilder, string, type Topology, Triggers } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'

const texts = { key: string(), value: string() }

/** The last three values of a key, at every one of them. */
function topologyOf(input: string, output: string): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, texts)
    .groupByKey()
    .windowedBy(GlobalWindows.of())
    .trigger(Triggers.count(1))
    .evict(Evictors.count(3))
    .apply((_, values) => values.join(''), { store: 'last-three' })
    .selectKey(({ key }) => key)
    .to(output, texts)
  return builder.build()
}

describe('on a broker', () => {
  test('windows have their elements after a restart and the loss of their state', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    const topology = topologyOf(input, output)
    const write = (letters: string) =>
      app.client.write(
        input,
        [...letters].map((value) => ({ key: 'a', value, timestamp: 0 })),
      )
    await write('abcd')
    const first = await app.started(topology)
    await app.committed(input)
    await first.close()

    const second = await app.started(topology)
    await write('e')
    await app.committed(input)
    await second.close()
    await app.deleteState()

    await app.started(topology)
    await write('f')
    await app.committed(input)
    assert.deepEqual(await app.valuesByKey(output), new Map([['a', ['a', 'ab', 'abc', 'bcd', 'cde', 'def']]]))
  })
})
