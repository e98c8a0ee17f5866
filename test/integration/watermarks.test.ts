import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string, type Topology, TumblingWindows, Watermarks } from '../../src/index.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { TestApplication } from '../support/test-application.js'

const KEYS = 40
const WINDOW = 10_000
const KEPT = { 'retention.ms': '-1' }

/** Counts by another key than the input's, ten seconds each, once, when the watermark of every task has passed them. */
function finalCounts(input: string, output: string, idleness?: number): Topology {
  const builder = new StreamsBuilder()
  const strategy = Watermarks.boundedOutOfOrderness('1s')
  builder
    .stream(input, {
      key: string(),
      value: string(),
      watermark: idleness === undefined ? strategy : strategy.withIdleness(idleness),
    })
    .groupBy((_, value) => value, { key: string() })
    .windowedBy(TumblingWindows.of(WINDOW))
    .emitStrategy('onWindowClose')
    .count({ store: 'counts' })
    .toStream(({ key, window }) => `${window.start} ${key}`)
    .mapValues(String)
    .to(output, { key: string(), value: string() })
  return builder.build()
}

/** A key of a partition. */
function keyOf(partition: number, partitions: number): string {
  for (let index = 0; ; index++) {
    const bytes = Buffer.from(`key ${index}`)
    if (partitionFor(bytes, 0, bytes.length, partitions) === partition) return String(bytes)
  }
}

/** A record for each second of a partition, from one window to another. */
const seconds = (from: number, to: number, partition: number, partitions: number) =>
  Array.from({ length: (to - from) * 10 }, (_, second) => ({
    key: keyOf(partition, partitions),
    value: `k${second % KEYS}`,
    timestamp: from * WINDOW + second * 1000,
  }))

const windowsOf = (records: readonly { readonly key: string | null }[]): number[] =>
  [...new Set(records.map(({ key }) => Number(key!.split(' ')[0])))].sort((a, b) => a - b)

describe('watermarks across a shuffle', () => {
  test('close windows by the slowest of all tasks before it, and by none that is idle', async () => {
    await using app = await TestApplication.create()
    const input = await app.topic('input', 3, KEPT)
    const output = await app.topic('output', 2, KEPT)
    const streams = await app.started(finalCounts(input, output, 1500))
    await app.client.write(input, [...seconds(0, 5, 0, 3), ...seconds(0, 2, 1, 3)])
    // The third partition has nothing at all, the second ends early: both become idle.
    await app.until('windows close', async () => windowsOf(await app.client.read(output)).length === 4)
    assert.deepEqual(windowsOf(await app.client.read(output)), [0, 10_000, 20_000, 30_000])
    const { dropped, eventTime, watermarkMarkers } = streams.metrics()
    assert.deepEqual(dropped, {})
    assert.ok(watermarkMarkers > 0)
    assert.equal(eventTime.find(({ task }) => task === '0_0')?.watermark, 47_999)
    await streams.close()
  })

  for (const processes of [1, 2]) {
    test(`come once each, whole, with ${processes} members that are stopped half-way, and drained`, async () => {
      await using app = await TestApplication.create()
      const input = await app.topic('input', 4, KEPT)
      const output = await app.topic('output', 3, KEPT)
      const topology = finalCounts(input, output)
      const half = [0, 1, 2, 3].flatMap((partition) => seconds(0, 6, partition, 4))
      const rest = [0, 1, 2, 3].flatMap((partition) => seconds(6, 12, partition, 4))
      const start = () =>
        Promise.all(Array.from({ length: processes }, (_, at) => app.started(topology, {}, `member-${at}`)))
      const before = await start()
      await app.client.write(input, half)
      await app.until('some windows have closed', async () => (await app.client.read(output)).length > 0)
      for (const member of before) await member.close()

      const after = await start()
      await app.client.write(input, rest)
      await app.committed(input)
      after[0]!.drain()
      const expected = new Map<string, number>()
      for (const { value, timestamp } of [...half, ...rest]) {
        const id = `${timestamp - (timestamp % WINDOW)} ${value}`
        expected.set(id, (expected.get(id) ?? 0) + 1)
      }
      await app.until(
        'all windows are there',
        async () => (await app.client.read(output)).length >= expected.size,
      )
      for (const member of after) {
        assert.deepEqual(member.metrics().dropped, {})
        await member.close()
      }
      const results = (await app.client.read(output)).map(({ key, value }) => [key!, Number(value)] as const)
      assert.equal(results.length, expected.size)
      assert.deepEqual(new Map([...results].sort()), new Map([...expected].sort()))
    })
  }
})
