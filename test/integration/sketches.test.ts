import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Aggregators, StreamsBuilder, string, type Topology } from '../../src/index.js'
import { numbered } from '../support/counting.js'
import { TestApplication } from '../support/test-application.js'

const texts = { key: string(), value: string() }

/** How many different values there were, and a sketch of how long they are, told with every record. */
function topologyOf(input: string, counts: string, lengths: string): Topology {
  const builder = new StreamsBuilder()
  const grouped = builder.stream(input, texts).groupByKey()
  grouped
    .aggregate(
      Aggregators.distinctCount((value) => value, { precision: 4 }),
      { store: 'counts' },
    )
    .mapValues(({ count }) => String(count))
    .toStream()
    .to(counts, texts)
  grouped
    .aggregate(
      Aggregators.quantiles((value) => value.length),
      { store: 'lengths' },
    )
    .mapValues(({ count }) => String(count))
    .toStream()
    .to(lengths, texts)
  return builder.build()
}

test('sketches go on after a restart where they were', async () => {
  await using app = await TestApplication.create({ cacheMaxBytes: 0 })
  const input = await app.topic('input', 1)
  const counts = await app.topic('counts', 1)
  const lengths = await app.topic('lengths', 1)
  const topology = topologyOf(input, counts, lengths)
  const distinct = Aggregators.distinctCount((value: string) => value, { precision: 4 })
  const written = [numbered(80, { keys: 2 }), numbered(80, { keys: 2, from: 80 })]
  for (const records of written) {
    await app.client.write(input, records)
    const streams = await app.started(topology)
    await app.committed(input)
    await streams.close()
  }

  const expected = new Map<string, string[]>()
  const sketches = new Map<string, ReturnType<typeof distinct.initializer>>()
  for (const { key, value } of written.flat()) {
    const sketch = distinct.aggregator(key, value!, sketches.get(key!))
    sketches.set(key!, sketch)
    expected.set(key!, [...(expected.get(key!) ?? []), String(sketch.count)])
  }
  assert.deepEqual(await app.valuesByKey(counts), expected)
  for (const values of (await app.valuesByKey(lengths)).values()) {
    assert.deepEqual(
      values,
      Array.from({ length: 80 }, (_, at) => String(at + 1)),
    )
  }
})
