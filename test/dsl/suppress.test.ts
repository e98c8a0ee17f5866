import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { type BufferOptions, Suppressed } from '../../src/dsl/suppressed.js'
import { ProcessingError } from '../../src/runtime/processing-error.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import type { Topology } from '../../src/topology/topology.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'

const texts = { key: string(), value: string() }
const counts = { key: string(), value: int64() }
const windowCounts = { key: windowed(string(), { size: 10 }), value: int64() }

function finalCounts(): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', texts)
    .groupByKey()
    .windowedBy(TumblingWindows.of(10).grace(5))
    .count({ store: 'counts' })
    .suppress(Suppressed.untilWindowCloses())
    .toStream()
    .to('out')
  return builder.build()
}

function limitedTable(buffer: BufferOptions): Topology {
  const builder = new StreamsBuilder()
  builder
    .table<string, string>('in', texts)
    .suppress(Suppressed.untilTimeLimit(100, buffer))
    .toStream()
    .to('out')
  return builder.build()
}

describe('suppress until windows close', () => {
  const record = fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 60 }))

  it('hands on one result a window: the count of the records that were not late', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), (records) => {
        using driver = new TopologyTestDriver(finalCounts())
        const input = driver.createInputTopic('in', texts)
        const expected = new Map<string, number>()
        let now = -1
        for (const [key, timestamp] of records) {
          input.pipe(key, '', { timestamp })
          now = Math.max(now, timestamp)
          const start = timestamp - (timestamp % 10)
          const id = `${key}@${start}`
          if (start + 10 > now - 5) expected.set(id, (expected.get(id) ?? 0) + 1)
        }
        input.pipe('clock', '', { timestamp: 1000 })
        const results = driver.createOutputTopic('out', windowCounts).readKeyValues()
        const ids = results.map(([key, count]): [string, number] => [
          `${key!.key}@${key!.window.start}`,
          count!,
        ])
        assert.equal(new Set(ids.map(([id]) => id)).size, ids.length)
        assert.deepEqual(new Map(ids), expected)
      }),
    )
  })

  it('goes on after a restart with what waited', async (test) => {
    const directory = directoryFor(test)
    const headers = [{ key: 'trace', value: Buffer.from('1') }]
    {
      await using driver = await TopologyTestDriver.onDisk(finalCounts(), directory)
      driver.createInputTopic('in', texts).pipe('a', '', { timestamp: 3, headers })
      await driver.settle()
    }
    await using driver = await TopologyTestDriver.onDisk(finalCounts(), directory)
    driver.createInputTopic('in', texts).pipe('clock', '', { timestamp: 15 })
    assert.deepEqual(driver.createOutputTopic('out', windowCounts).readAll(), [
      { key: { key: 'a', window: { start: 0, end: 10 } }, value: 1, timestamp: 3, headers },
    ])
  })
})

describe('suppress for a time', () => {
  it('hands on what waits longest where the buffer is full', () => {
    using driver = new TopologyTestDriver(limitedTable({ maxRecords: 1 }))
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', '1', { timestamp: 5 })
    input.pipe('b', '2', { timestamp: 4 })
    assert.deepEqual(driver.createOutputTopic('out', texts).readKeyValues(), [['b', '2']])
  })

  it('counts bytes of keys and values', () => {
    using driver = new TopologyTestDriver(limitedTable({ maxBytes: 60 }))
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'x'.repeat(40), { timestamp: 5 })
    const output = driver.createOutputTopic('out', texts)
    assert.ok(output.isEmpty)
    input.pipe('b', 'x'.repeat(20), { timestamp: 6 })
    assert.deepEqual(output.readKeyValues(), [['a', 'x'.repeat(40)]])
  })

  it('fails where it is told to when the buffer is full', () => {
    using driver = new TopologyTestDriver(limitedTable({ maxRecords: 1, whenFull: 'shut-down' }))
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', '1', { timestamp: 5 })
    assert.throws(
      () => input.pipe('b', '2', { timestamp: 4 }),
      (error) =>
        error instanceof ProcessingError &&
        /holds 2 changes .* 1 and Infinity are allowed/.test(error.message),
    )
  })

  it('keeps the name of its buffer where it is named', () => {
    const builder = new StreamsBuilder()
    builder
      .stream('in', texts)
      .groupByKey()
      .count({ store: 'counts' })
      .suppress(Suppressed.untilTimeLimit('1s'), { name: 'calm' })
      .toStream()
      .to('out', counts)
    const names = builder.build().subTopologies.flatMap(({ stores }) => stores.map(({ name }) => name))
    assert.deepEqual(names, ['counts', 'calm-store'])
  })
})

function directoryFor(test: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-suppress-'))
  test.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
