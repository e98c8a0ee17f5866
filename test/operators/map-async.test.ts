import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AsyncCallOptions } from '../../src/dsl/async-streams.js'
import {
  int64,
  ProcessingError,
  StreamsBuilder,
  string,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import { type TestInputTopic, type TestOutputTopic, TopologyTestDriver } from '../../src/testing/index.js'
import type { TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import { Service } from './service.js'

const strings = { key: string(), value: string() }

/** A topology that asks a service about each value. */
class Asking {
  readonly service = new Service<string>()
  readonly driver: TopologyTestDriver
  readonly input: TestInputTopic<string, string>
  private readonly output: TestOutputTopic<string, string>

  constructor(options: AsyncCallOptions = {}, driverOptions: TopologyTestDriverOptions = {}) {
    const builder = new StreamsBuilder()
    builder
      .stream<string, string>('in', strings)
      .mapValuesAsync((value, _, call) => this.service.ask(value, call), { name: 'ask', ...options })
      .to('out', strings)
    this.driver = new TopologyTestDriver(builder.build(), driverOptions)
    this.input = this.driver.createInputTopic('in', strings)
    this.output = this.driver.createOutputTopic('out', strings)
  }

  pipe(...values: readonly string[]): void {
    // The key is the first letter.
    for (const value of values) this.input.pipe(value.charAt(0), value)
  }

  async answer(...values: readonly string[]): Promise<void> {
    for (const value of values) await this.service.answer(value, value.toUpperCase())
  }

  /** What has come out since the last time, after the results that have come are taken in. */
  results(): readonly string[] {
    this.driver.advanceWallClock(0)
    return this.output.readKeyValues().map(([, value]) => value!)
  }
}

describe('an asynchronous operator', () => {
  it('asks about each record at once and hands on what is answered', async () => {
    const asking = new Asking()
    asking.pipe('a1', 'b1')
    assert.deepEqual(asking.service.waiting, ['a1', 'b1'])
    assert.deepEqual(asking.results(), [])
    await asking.answer('a1', 'b1')
    assert.deepEqual(asking.results(), ['A1', 'B1'])
  })

  it('hands on in the order of the records, unless it is told otherwise', async () => {
    const asking = new Asking()
    asking.pipe('a1', 'b1', 'c1')
    await asking.answer('c1', 'b1')
    assert.deepEqual(asking.results(), [])
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1', 'B1', 'C1'])
  })

  it('makes one call a key at a time where the order is that of keys', async () => {
    const asking = new Asking({ order: 'key' })
    asking.pipe('a1', 'a2', 'b1')
    assert.deepEqual(asking.service.waiting, ['a1', 'b1'])
    await asking.answer('b1')
    assert.deepEqual(asking.results(), ['B1'])
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1'])
    assert.deepEqual(asking.service.waiting, ['a2'])
  })

  it('has no order for records without key', async () => {
    const asking = new Asking({ order: 'key' })
    asking.input.pipe(null, 'a1')
    asking.input.pipe(null, 'a2')
    await asking.answer('a2', 'a1')
    assert.deepEqual(asking.results(), ['A2', 'A1'])
  })

  it('hands on results as they come where there is no order', async () => {
    const asking = new Asking({ order: 'none' })
    asking.pipe('a1', 'a2')
    await asking.answer('a2')
    assert.deepEqual(asking.results(), ['A2'])
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1'])
  })

  it('reads no record beyond its capacity until a result is handed on', async () => {
    const asking = new Asking({ capacity: 2 })
    asking.pipe('a1', 'b1', 'c1')
    assert.deepEqual(asking.service.waiting, ['a1', 'b1'])
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1'])
    assert.deepEqual(asking.service.waiting, ['b1', 'c1'])
  })

  it('reads no record beyond what may be in memory, results that wait included, but always one', async () => {
    const asking = new Asking({ capacityBytes: 10_000 })
    const [a1, b1, c1] = ['a', 'b', 'c'].map((letter) => letter.repeat(4_000))
    asking.pipe(a1!, b1!, c1!)
    assert.deepEqual(asking.service.waiting, [a1, b1])
    await asking.answer(b1!)
    assert.deepEqual(asking.results(), [])
    assert.deepEqual(asking.service.waiting, [a1])
    await asking.answer(a1!)
    assert.equal(asking.results().length, 2)
    assert.deepEqual(asking.service.waiting, [c1])
    const larger = 'd'.repeat(100_000)
    asking.pipe(larger)
    await asking.answer(c1!)
    assert.equal(asking.results().length, 1)
    assert.deepEqual(asking.service.waiting, [larger])
  })

  it('gives results the timestamps and headers of their records', async () => {
    const service = new Service<string>()
    const builder = new StreamsBuilder()
    builder
      .stream('in', strings)
      .mapValuesAsync((value, _, call) => service.ask(value, call))
      .to('out', strings)
    const driver = new TopologyTestDriver(builder.build())
    const headers = [{ key: 'trace', value: Buffer.from('1') }]
    driver.createInputTopic('in', strings).pipe('a', 'a1', { timestamp: 7, headers })
    driver.createInputTopic('in', strings).pipe('a', 'a2', { timestamp: 8 })
    await service.answer('a2', 'second')
    await service.answer('a1', 'first')
    await driver.answered()
    const [first, second] = driver.createOutputTopic('out', strings).readAll()
    assert.deepEqual([first!.timestamp, second!.timestamp], [7, 8])
    assert.deepEqual([first!.headers, second!.headers], [headers, []])
  })

  it('waits for answers in tests', async () => {
    const builder = new StreamsBuilder()
    builder
      .stream('in', strings)
      .flatMapAsync(async (key, value) => [...value].map((letter) => [key, letter] as const))
      .filterAsync(async (_, letter) => letter !== 'b', strings)
      .mapAsync(async (key, letter) => [letter, key] as const, strings)
      .to('out', strings)
    const driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('in', strings).pipe('k', 'abc')
    await driver.answered()
    assert.deepEqual(driver.createOutputTopic('out', strings).readKeyValues(), [
      ['a', 'k'],
      ['c', 'k'],
    ])
  })
})

describe('a call that fails', () => {
  it('is the failure of the operator on its record', async () => {
    const asking = new Asking()
    asking.pipe('a1', 'b1', 'c1')
    await asking.service.refuse('b1')
    await asking.answer('a1')
    await assert.rejects(asking.driver.answered(), (error) => {
      assert(error instanceof ProcessingError)
      assert.equal(error.message, 'operator ask failed at topic in, partition 0, offset 1: refused')
      return true
    })
  })

  it('is left out and counted where the application goes on', async () => {
    const failed: unknown[] = []
    const asking = new Asking(
      {},
      {
        processingExceptionHandler: ({ offset }, record) => {
          failed.push([offset, record?.key, record?.value])
          return 'continue'
        },
      },
    )
    asking.pipe('a1', 'b1')
    await asking.service.refuse('a1')
    await asking.answer('b1')
    assert.deepEqual(asking.results(), ['B1'])
    assert.deepEqual(failed, [[0, 'a', 'a1']])
    assert.deepEqual([...asking.driver.droppedRecords], [['ask: processing-error', 1]])
  })

  it('is made again, after a wait of at most the backoff, as often as it may be', async () => {
    const asking = new Asking({ retries: { max: 2, backoff: '1s', maxBackoff: '1s' } })
    asking.pipe('a1')
    await asking.service.refuse('a1')
    asking.driver.advanceWallClock('1s')
    assert.deepEqual(asking.service.asked, ['a1', 'a1'])
    await asking.service.refuse('a1')
    asking.driver.advanceWallClock('1s')
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1'])
    assert.equal(asking.service.asked.length, 3)
  })

  it('is not made again where its error does not pass', async () => {
    const when = (error: unknown) => (error as Error).message !== 'never'
    const asking = new Asking({ retries: { max: 2, when } })
    asking.pipe('a1')
    await asking.service.refuse('a1', new Error('never'))
    assert.throws(() => asking.results(), /operator ask failed .*: never/)
  })

  it('fails with what fails where it is decided whether it passes', async () => {
    const when = () => {
      throw new Error('undecided')
    }
    const asking = new Asking({ retries: { max: 2, when } })
    asking.pipe('a1')
    await asking.service.refuse('a1')
    assert.throws(() => asking.results(), /operator ask failed .*: undecided/)
  })

  it('keeps its place in the order while it is made again', async () => {
    const asking = new Asking({ retries: { max: 1, backoff: '1s' } })
    asking.pipe('a1', 'b1')
    await asking.service.refuse('a1')
    await asking.answer('b1')
    assert.deepEqual(asking.results(), [])
    asking.driver.advanceWallClock('1s')
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1', 'B1'])
  })

  it('is cancelled when its time is up', async () => {
    const asking = new Asking({ timeout: '5s', retries: { max: 9 } })
    asking.pipe('a1')
    const signal = asking.service.signalOf('a1')
    asking.driver.advanceWallClock('4999ms')
    assert.equal(signal.aborted, false)
    assert.throws(
      () => asking.driver.advanceWallClock('1ms'),
      /operator ask failed .*: no result within 5000 ms \(option timeout\), after 1 call$/,
    )
    assert.equal(signal.aborted, true)
  })

  it('is cancelled when the task ends', () => {
    const asking = new Asking()
    asking.pipe('a1')
    const signal = asking.service.signalOf('a1')
    asking.driver.close()
    assert.equal(signal.aborted, true)
  })

  it('is not waited for while it waits for the clock', async () => {
    const asking = new Asking({ retries: { max: 1, backoff: '1h' } })
    asking.pipe('a1')
    await asking.service.refuse('a1')
    await asking.driver.answered()
    assert.deepEqual(asking.results(), [])
  })
})

describe('a circuit breaker', () => {
  const options = {
    retries: { max: 9, backoff: '1ms' },
    circuitBreaker: { failures: 2, openFor: '10s' },
    timeout: '1s',
    capacity: 4,
  } as const

  it('opens after failures in a row: calls wait, records are not lost, and their time stands still', async () => {
    const asking = new Asking(options)
    asking.pipe('a1', 'b1')
    await asking.service.refuse('a1')
    await asking.service.refuse('b1')
    asking.pipe('c1', 'd1', 'e1')
    asking.driver.advanceWallClock('9s')
    assert.deepEqual(asking.service.waiting, [])
    asking.driver.advanceWallClock('1s')
    assert.deepEqual(asking.service.waiting, ['a1'], 'one call tries')
    await asking.answer('a1')
    assert.deepEqual(asking.results(), ['A1'])
    asking.driver.advanceWallClock('1ms')
    assert.deepEqual([...asking.service.waiting].sort(), ['b1', 'c1', 'd1', 'e1'])
    await asking.answer('b1', 'c1', 'd1', 'e1')
    assert.deepEqual(asking.results(), ['B1', 'C1', 'D1', 'E1'])
  })

  it('opens again where the call that tries fails', async () => {
    const asking = new Asking(options)
    asking.pipe('a1', 'b1')
    await asking.service.refuse('a1')
    await asking.service.refuse('b1')
    asking.driver.advanceWallClock('10s')
    await asking.service.refuse('a1')
    asking.driver.advanceWallClock('9s')
    assert.deepEqual(asking.service.waiting, [])
    asking.driver.advanceWallClock('1s')
    assert.equal(asking.service.waiting.length, 1)
  })

  it('does not count failures of the record rather than the service', async () => {
    const retries = { max: 0, when: () => false }
    const circuitBreaker = { failures: 1, openFor: '10s' } as const
    const asking = new Asking({ retries, circuitBreaker }, { processingExceptionHandler: 'continue' })
    asking.pipe('a1')
    await asking.service.refuse('a1')
    asking.pipe('b1')
    assert.deepEqual(asking.service.waiting, ['b1'])
  })
})

describe('event time behind an asynchronous operator', () => {
  const watermark = Watermarks.monotonous()

  it('waits for what was in flight when it came: no result is late', async () => {
    const service = new Service<string>()
    const builder = new StreamsBuilder()
    builder
      .stream('in', { ...strings, watermark })
      .mapValuesAsync((value, _, call) => service.ask(value, call), { order: 'none' })
      .groupByKey({ value: string() })
      .windowedBy(TumblingWindows.of(10))
      .emitStrategy('onWindowClose')
      .count()
      .toStream((windowed) => `${windowed.key}@${windowed.window.start}`)
      .to('out', { key: string(), value: int64() })
    const driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', strings)
    const output = driver.createOutputTopic('out', { key: string(), value: int64() })
    input.pipe('a', 'a1', { timestamp: 1 })
    input.pipe('a', 'a2', { timestamp: 12 })
    input.pipe('a', 'a3', { timestamp: 25 })
    driver.drain()
    await service.answer('a3', '')
    await service.answer('a2', '')
    driver.advanceWallClock(0)
    assert.deepEqual(output.readKeyValues(), [])
    await service.answer('a1', '')
    driver.advanceWallClock(0)
    assert.deepEqual(output.readKeyValues(), [
      ['a@0', 1],
      ['a@10', 1],
      ['a@20', 1],
    ])
    assert.deepEqual([...driver.droppedRecords], [])
  })

  it('is a barrier for results without order', async () => {
    const service = new Service<string>()
    const builder = new StreamsBuilder()
    builder
      .stream('in', { ...strings, watermark })
      .mapValuesAsync((value, _, call) => service.ask(value, call), { order: 'none' })
      .to('out', strings)
    const driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', strings)
    const output = driver.createOutputTopic('out', strings)
    input.pipe('a', 'a1', { timestamp: 1 })
    input.pipe('a', 'a2', { timestamp: 2 })
    await service.answer('a2', 'A2')
    driver.advanceWallClock(0)
    assert.deepEqual(output.readKeyValues(), [], 'the watermark 0 came before it, and waits for a1')
    await service.answer('a1', 'A1')
    driver.advanceWallClock(0)
    assert.deepEqual(output.readKeyValues(), [
      ['a', 'A1'],
      ['a', 'A2'],
    ])
  })
})
