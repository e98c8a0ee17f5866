import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deduplicate } from '../../operators/deduplicate.js'
import { recordId } from '../../operators/record-id.js'
import { recordOrigin } from '../../operators/record-origin.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { int32 } from '../../src/serdes/int32.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import { Harness } from './harness.js'
import { TestSpanStore } from './stores.js'

const texts = { key: string(), value: string() }

type Given = Parameters<ReturnType<typeof source>['deduplicate']>[0]

const source = (builder: StreamsBuilder) => builder.stream<string | null, string>('in', texts)

/** A topology with all outputs of a deduplication by value. */
function driverOf(options: Partial<Given> = {}, watermark = false): TopologyTestDriver {
  const builder = new StreamsBuilder()
  const stream = watermark
    ? builder.stream<string | null, string>('in', { ...texts, watermark: Watermarks.monotonous() })
    : source(builder)
  stream
    .deduplicate<string>({
      within: 10,
      id: (value) => (value === '' ? null : value),
      idSerde: string(),
      duplicates: (duplicates) => duplicates.to('duplicates'),
      ...(options.time !== 'processing' && { late: (late) => late.to('late') }),
      ...(options as object),
    })
    .to('out')
  return new TopologyTestDriver(builder.build())
}

/** What each topic got of records at times: `key value@time`. */
function outcome(driver: TopologyTestDriver, records: readonly [string | null, string, number][]) {
  const input = driver.createInputTopic('in', texts)
  for (const [key, value, timestamp] of records) input.pipe(key, value, { timestamp })
  return sent(driver)
}

function sent(driver: TopologyTestDriver) {
  const read = (topic: string) =>
    driver
      .createOutputTopic(topic, texts)
      .readAll()
      .map(({ key, value, timestamp }) => `${key} ${value}@${timestamp}`)
  return { out: read('out'), duplicates: read('duplicates'), late: read('late') }
}

describe('deduplicate', () => {
  it('hands on the first record of an id, and duplicates to who asked for them', () => {
    using driver = driverOf()
    assert.deepEqual(
      outcome(driver, [
        ['a', 'x', 0],
        ['a', 'x', 5],
        ['a', 'y', 5],
        ['b', 'x', 5],
        ['a', 'x', 10],
        ['a', 'x', 11],
      ]),
      { out: ['a x@0', 'a y@5', 'b x@5', 'a x@11'], duplicates: ['a x@5', 'a x@10'], late: [] },
    )
  })

  it('takes a record for a duplicate of one that is later, too', () => {
    using driver = driverOf()
    assert.deepEqual(
      outcome(driver, [
        ['a', 'x', 20],
        ['a', 'x', 10],
      ]),
      { out: ['a x@20'], duplicates: ['a x@10'], late: [] },
    )
  })

  it('has duplicates count where they refresh', () => {
    using driver = driverOf({ refresh: true })
    assert.deepEqual(
      outcome(driver, [
        ['a', 'x', 0],
        ['a', 'x', 8],
        ['a', 'x', 16],
        ['a', 'x', 27],
      ]),
      { out: ['a x@0', 'a x@27'], duplicates: ['a x@8', 'a x@16'], late: [] },
    )
  })

  it('hands on what has no key or no id', () => {
    using driver = driverOf()
    const { out } = outcome(driver, [
      [null, 'x', 0],
      [null, 'x', 1],
      ['a', '', 2],
      ['a', '', 3],
    ])
    assert.deepEqual(out, ['null x@0', 'null x@1', 'a @2', 'a @3'])
  })

  it('gives late what is further behind than grace', () => {
    using driver = driverOf({ grace: 5 })
    assert.deepEqual(
      outcome(driver, [
        ['a', 'x', 100],
        ['a', 'y', 95],
        ['a', 'z', 94],
      ]),
      { out: ['a x@100', 'a y@95'], duplicates: [], late: ['a z@94'] },
    )
  })

  it('goes by watermarks where there are any', () => {
    using driver = driverOf({ grace: 0 }, true)
    assert.deepEqual(
      outcome(driver, [
        ['a', 'x', 100],
        ['a', 'x', 101],
        ['a', 'y', 100],
      ]),
      { out: ['a x@100'], duplicates: ['a x@101'], late: ['a y@100'] },
    )
  })

  it('goes by the clock of the machine in processing time, whatever the timestamps', () => {
    using driver = driverOf({ time: 'processing' })
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'x', { timestamp: 500 })
    driver.advanceWallClock(10)
    input.pipe('a', 'x', { timestamp: 0 })
    driver.advanceWallClock(1)
    input.pipe('a', 'x', { timestamp: 1 })
    assert.deepEqual(sent(driver), { out: ['a x@500', 'a x@1'], duplicates: ['a x@0'], late: [] })
  })

  it('compares records after their keys have changed', () => {
    const builder = new StreamsBuilder()
    source(builder)
      .selectKey((_, value) => value)
      .deduplicate({ within: 10, ...texts, name: 'once', store: 'seen' })
      .to('out')
    using driver = new TopologyTestDriver(builder.build())
    const { out } = outcome(driver, [
      ['a', 'x', 0],
      ['b', 'x', 5],
      ['b', 'y', 5],
    ])
    assert.deepEqual(out, ['x x@0', 'y y@5'])
  })

  it('keeps headers, and hands on null values', () => {
    const builder = new StreamsBuilder()
    builder.stream<string, string | null>('in', texts).deduplicate({ within: 10 }).to('out')
    using driver = new TopologyTestDriver(builder.build())
    const headers = [{ key: 'trace', value: Buffer.from('1') }]
    driver.createInputTopic('in', texts).pipe('a', null, { timestamp: 1, headers })
    const [record] = driver.createOutputTopic('out', texts).readAll()
    assert.equal(record!.value, null)
    assert.deepEqual(record!.headers, headers)
  })
})

describe('the operator of a deduplication', () => {
  const how = {
    store: 'seen',
    id: undefined,
    within: 10,
    time: 'event',
    grace: 10,
    refresh: true,
    duplicates: undefined,
    late: undefined,
  } as const

  it('takes a record that is read again for no duplicate of itself, and its duplicates for what they were', () => {
    const store = new TestSpanStore<never, never>('seen', false)
    const run = () => {
      const harness = new Harness(deduplicate(how), { stores: [store] })
      const records: [string, string][] = [
        ['a', 'first'],
        ['a', 'second'],
        ['b', 'third'],
      ]
      return records.map(([key, value]) => harness.pipe(key, value, 5).length)
    }
    assert.deepEqual(run(), [1, 0, 1])
    assert.deepEqual(run(), [1, 0, 1])
  })

  it('compares what was made of one record', () => {
    const store = new TestSpanStore<never, never>('seen', false)
    const harness = new Harness(
      () => {
        const inner = deduplicate(how)()
        return {
          init: (context) => inner.init(context),
          process(key, value, timestamp) {
            inner.process(key, value, timestamp)
            inner.process(key, value, timestamp)
          },
        }
      },
      { stores: [store] },
    )
    assert.equal(harness.pipe('a', 'x').length, 1)
    assert.deepEqual(harness.drops, ['operator: duplicate'])
  })

  it('keeps ids and origins as bytes', () => {
    const roundTrip = <T>(
      serde: { serialize(v: T, w: ByteWriter): void; deserialize(b: Buffer, s: number, e: number): T },
      value: T,
    ): T => {
      const target = new ByteWriter()
      serde.serialize(value, target)
      return serde.deserialize(target.buffer, 0, target.position)
    }
    const origin = { topic: 'in', partition: 3, offset: 2 ** 40, index: 7 }
    assert.deepEqual(roundTrip(recordOrigin, origin), origin)
    const both = { key: 'a', id: 5 }
    assert.deepEqual(roundTrip(recordId(string(), int32()), both), both)
    assert.deepEqual(roundTrip(recordId<string, number>(string(), undefined), { key: 'ü', id: undefined }), {
      key: 'ü',
      id: undefined,
    })
  })
})
