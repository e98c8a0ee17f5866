import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string, type Topology, TumblingWindows, Watermarks } from '../../src/index.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { TestApplication } from '../support/test-application.js'

const KEYS = 40
const WINDOW = 10_000
const MINUTE = 60_000
const SLOW_RECORDS = 30_000
const SLOW_RECORD_MS = 1
const FAST_RECORDS = 1000
const FAST_RECORDS_APART = 10_000
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

function keepBusy(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

const windowsOf = (records: readonly { readonly key: string | null }[]): number[] =>
  [...new Set(records.map(({ key }) => Number(key!.split(' ')[0])))].sort((a, b) => a - b)

/** Shows what it reads; partitions are not to be more than a minute ahead of each other. */
function aligned(input: string, output: string, read: (key: string, timestamp: number) => void): Topology {
  const builder = new StreamsBuilder()
  const watermark = Watermarks.monotonous().withAlignment('group', MINUTE)
  builder
    .stream(input, { key: string(), value: string(), watermark })
    .peek((key, value) => read(key, Number(value)))
    .to(output, { key: string(), value: string() })
  return builder.build()
}

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

describe('a partition that is far ahead of one that another member reads', () => {
  for (const [end, processingGuarantee] of [
    ['has come up', 'exactly_once'],
    ['has gone to where the other one is read', 'at_least_once'],
  ] as const) {
    test(`is paused until that ${end}, ${processingGuarantee}`, async () => {
      await using app = await TestApplication.create({ processingGuarantee })
      const input = await app.topic('input', 2, KEPT)
      const output = await app.topic('output', 1, KEPT)
      const [slow, fast] = [keyOf(0, 2), keyOf(1, 2)]
      let hurries = false
      let slowTime = 0
      let slowLeft = SLOW_RECORDS
      let read = 0
      const ahead: number[] = []
      const topology = aligned(input, output, (key, timestamp) => {
        read++
        // What is announced may have come so far that four times as much is let through.
        if (key === fast && slowLeft > 0) ahead.push(timestamp - 5 * slowTime)
        if (key === slow) {
          slowTime = timestamp
          slowLeft--
          if (!hurries) keepBusy(SLOW_RECORD_MS)
        }
      })
      const start = () => Promise.all(['one', 'two'].map((process) => app.started(topology, {}, process)))
      const every = (key: string, count: number, apart: number) =>
        Array.from({ length: count }, (_, at) => ({ key, value: `${at * apart}`, timestamp: at * apart }))
      // Where everything was is known from what members committed that are gone.
      const before = await start()
      await app.client.write(input, [...every(slow, 1, 0), ...every(fast, 1, 0)])
      await app.committed(input)
      for (const member of before) await member.close()
      slowLeft = SLOW_RECORDS
      await app.client.write(input, [
        ...every(slow, SLOW_RECORDS, 10),
        ...every(fast, FAST_RECORDS, FAST_RECORDS_APART),
      ])

      const members = await start()
      const holding = () =>
        members.find((member) => {
          const { tasks, eventTime } = member.metrics()
          return tasks.length === 1 && eventTime[0]!.held.length === 1
        })
      await app.until('it is paused', () => holding() !== undefined)
      const holds = holding()!
      const held = { input: `${input}-1`, waitsFor: `${input}-0` }
      assert.deepEqual(holds.metrics().eventTime[0]!.held, [held])
      assert.ok(slowLeft > 0)
      if (end === 'has come up') hurries = true
      else {
        await members.find((member) => member !== holds)!.close()
        await app.until('it has both', () => holds.metrics().tasks.length === 2)
        hurries = true
      }
      await app.committed(input)
      assert.ok(Math.max(...ahead) <= MINUTE + FAST_RECORDS_APART)
      assert.equal(read, 2 + SLOW_RECORDS + FAST_RECORDS)
      assert.deepEqual(
        holds.metrics().eventTime.flatMap((task) => task.held),
        [],
      )
    })
  }
})
