import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { ProcessingError, ProductionError } from '../../src/runtime/processing-error.js'
import { int64 } from '../../src/serdes/int64.js'
import { json } from '../../src/serdes/json.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'
import { TopologyTestDriver, type TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'

const texts = { key: string(), value: string() }
const counts = { key: string(), value: int64() }

function driverOf(build: (builder: StreamsBuilder) => void, options?: TopologyTestDriverOptions) {
  const builder = new StreamsBuilder()
  build(builder)
  return new TopologyTestDriver(builder.build(), options)
}

const copying = (builder: StreamsBuilder) => builder.stream('in', texts).to('out')
const countingWords = (builder: StreamsBuilder) =>
  builder
    .stream('in', texts)
    .flatMapValues((line) => line.split(' '))
    .groupBy((_, word) => word, { name: 'words', ...texts })
    .count({ store: 'counts' })
    .toStream()
    .to('out')

describe('TopologyTestDriver', () => {
  it('tells the watermark of what is read', () => {
    const watermark = Watermarks.boundedOutOfOrderness(5)
    const both = (builder: StreamsBuilder) =>
      builder
        .stream('in', { ...texts, watermark })
        .merge(builder.stream('in2', { ...texts, watermark }))
        .to('out')
    using driver = driverOf(both)
    driver.createInputTopic('in', texts).pipe('a', 'x', { timestamp: 10 })
    assert.equal(driver.watermark, undefined, 'of the other topic nothing is known')
    driver.createInputTopic('in2', texts).pipe('a', 'x', { timestamp: 8 })
    assert.equal(driver.watermark, 2)
    using plain = driverOf(copying)
    plain.createInputTopic('in', texts).pipe('a', 'x', { timestamp: 10 })
    assert.equal(plain.watermark, undefined)
  })

  it('runs a record through the topology, with all that it causes', async () => {
    using driver = driverOf(countingWords)
    const lines = driver.createInputTopic('in', texts)
    const words = driver.createOutputTopic('out', counts)
    lines.pipe('line', 'to be or not to be')
    assert.deepEqual(words.readKeyValues(), [
      ['to', 1],
      ['be', 1],
      ['or', 1],
      ['not', 1],
      ['to', 2],
      ['be', 2],
    ])
    assert.deepEqual(driver.producedTopics, ['words-repartition', 'out'])
    assert.deepEqual(await driver.keyValueStore('counts').get('be'), { value: 2, timestamp: 0 })
  })

  it('shows records with timestamps and headers, tombstones and null keys', () => {
    using driver = driverOf(copying)
    const headers = [{ key: 'trace', value: Buffer.from('1') }]
    const input = driver.createInputTopic('in', texts)
    const output = driver.createOutputTopic('out', texts)
    input.pipe('a', null, { timestamp: 7, headers })
    input.pipe(null, 'b', { timestamp: 5 })
    assert.equal(output.size, 2)
    assert.deepEqual(output.read(), { key: 'a', value: null, timestamp: 7, headers })
    assert.deepEqual(output.read(), { key: null, value: 'b', timestamp: 5, headers: NO_HEADERS })
    assert.ok(output.isEmpty)
    assert.throws(() => output.read(), /no unread record in topic out/)
  })

  it('keeps the time of an input topic: it begins at the wall clock and goes on when told', () => {
    using driver = driverOf(copying, { initialWallClock: 1_000 })
    driver.advanceWallClock('1s')
    const still = driver.createInputTopic('in', texts)
    const running = driver.createInputTopic('in', { ...texts, startTime: 0, autoAdvance: '1m' })
    still.pipeAll([
      ['a', '1'],
      ['a', '2', { timestamp: 9 }],
    ])
    still.advanceTime(5)
    still.pipe('a', '3')
    running.pipeAll([
      ['b', '1'],
      ['b', '2'],
    ])
    const timestamps = driver
      .createOutputTopic('out', texts)
      .readAll()
      .map(({ timestamp }) => timestamp)
    assert.deepEqual(timestamps, [2_000, 9, 2_005, 0, 60_000])
  })

  it('reads window stores and counts drops', async () => {
    using driver = driverOf((builder) =>
      builder
        .stream('in', texts)
        .groupByKey()
        .windowedBy(TumblingWindows.of('1h'))
        .count({ store: 'hourly', retention: '1d' })
        .toStream()
        .to('out'),
    )
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'x', { timestamp: 10 })
    input.pipe('a', 'x', { timestamp: 3_600_000 })
    input.pipe('a', 'late', { timestamp: 11 })
    assert.deepEqual(await driver.windowStore('hourly').fetch('a', 0, 3_600_000), [
      { key: 'a', windowStart: 0, windowEnd: 3_600_000, value: 1, timestamp: 10 },
      { key: 'a', windowStart: 3_600_000, windowEnd: 7_200_000, value: 1, timestamp: 3_600_000 },
    ])
    assert.deepEqual([...driver.droppedRecords], [['KSTREAM-AGGREGATE-0000000001: late', 1]])
    const output = driver.createOutputTopic('out', {
      key: windowed(string(), { size: '1h' }),
      value: int64(),
    })
    assert.deepEqual(output.read().key, { key: 'a', window: { start: 0, end: 3_600_000 } })
  })

  it('hands on the last value of each key at the end of a step where there is a record cache', () => {
    using driver = driverOf(countingWords, { cacheMaxBytes: 1_000_000 })
    const words = driver.createOutputTopic('out', counts)
    driver.createInputTopic('in', texts).pipe('line', 'a a')
    // Each record of the repartition topic is a step of its own.
    assert.deepEqual(words.readKeyValues(), [
      ['a', 1],
      ['a', 2],
    ])
  })

  it('refuses a topic that the topology does not read', () => {
    using driver = driverOf(copying)
    assert.throws(() => driver.createInputTopic('inn', texts), /does not read topic inn; it reads in/)
  })

  it('refuses stores that there are not, or of the other kind', () => {
    using driver = driverOf(countingWords)
    assert.throws(() => driver.keyValueStore('count'), /no store count; its stores: counts/)
    assert.throws(() => driver.windowStore('counts'), /store counts is a key-value store/)
  })

  it('stops at the first failure: nothing of the record is kept, what came before can be read', async () => {
    using driver = driverOf((builder) => {
      const words = builder.stream('in', texts)
      words.groupByKey().count({ store: 'counts' }).toStream().to('out')
      words.foreach((_, word) => {
        if (word === 'bad') throw new Error('no')
      })
    })
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'good')
    assert.throws(() => input.pipe('a', 'bad'), ProcessingError)
    assert.throws(() => input.pipe('a', 'good'), /the topology failed at an earlier record/)
    assert.deepEqual(driver.createOutputTopic('out', counts).readKeyValues(), [['a', 1]])
    assert.deepEqual((await driver.keyValueStore('counts').get('a'))?.value, 1)
  })

  it('holds partitioners to the one partition that there is', () => {
    const partitioned = (partition: number) =>
      driverOf((builder) => builder.stream('in', texts).to('out', { partitioner: () => partition }))
    using fine = partitioned(0)
    fine.createInputTopic('in', texts).pipe('a', 'x')
    using wrong = partitioned(1)
    assert.throws(() => wrong.createInputTopic('in', texts).pipe('a', 'x'), ProductionError)
  })

  it('finds an aggregate that is changed in place, unless told not to', () => {
    const collecting = (builder: StreamsBuilder) =>
      builder
        .stream('in', texts)
        .groupByKey()
        .aggregate(
          () => ({ words: [] as string[] }),
          (_, word, all) => {
            ;(all.words as string[]).push(word)
            return all
          },
          { store: 'all', value: json() },
        )
    using strict = driverOf(collecting)
    const input = strict.createInputTopic('in', texts)
    input.pipe('a', 'first')
    assert.throws(() => input.pipe('a', 'second'), ProcessingError)

    using lenient = driverOf(collecting, { strictValues: false })
    lenient.createInputTopic('in', texts).pipeAll([
      ['a', 'first'],
      ['a', 'second'],
    ])
  })
})
