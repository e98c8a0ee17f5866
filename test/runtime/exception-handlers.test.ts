import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import type { ErrorContext, FailedRecord } from '../../src/runtime/exception-handlers.js'
import { DeserializationError, ProcessingError, ProductionError } from '../../src/runtime/processing-error.js'
import { compileOptions } from '../../src/runtime/streams-config.js'
import { bytes } from '../../src/serdes/bytes.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'

const raw = { key: string(), value: bytes() }
const numbers = { key: string(), value: int64() }
const headers = [{ key: 'trace', value: Buffer.from('1') }]

/** Numbers on their way from `in` to `out`, through a function that refuses 13 and makes no integer of 0. */
function numbersThrough() {
  const builder = new StreamsBuilder()
  builder
    .stream('in', numbers)
    .mapValues(
      (value) => {
        if (value === 13) throw new Error('unlucky')
        return value === 0 ? 0.5 : value
      },
      { name: 'superstition' },
    )
    .to('out', { ...numbers, name: 'write' })
  return builder.build()
}

const number = (value: number): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigInt64BE(BigInt(value))
  return buffer
}

describe('exception handlers', () => {
  it('see the record that failed, and where it comes from', () => {
    const calls: { context: ErrorContext; record?: FailedRecord | undefined; error: Error }[] = []
    using driver = new TopologyTestDriver(numbersThrough(), {
      deserializationExceptionHandler: (context, error) => {
        calls.push({ context, error })
        return 'continue'
      },
      processingExceptionHandler: (context, record, error) => {
        calls.push({ context, record, error })
        return 'continue'
      },
      productionExceptionHandler: (context, record, error) => {
        calls.push({ context, record, error })
        return 'continue'
      },
    })
    const input = driver.createInputTopic('in', raw)
    input.pipe('a', Buffer.from('short'), { timestamp: 1 })
    input.pipe('b', number(13), { timestamp: 2, headers })
    input.pipe('c', number(0), { timestamp: 3 })
    input.pipe('d', number(4), { timestamp: 4 })

    assert.deepEqual(driver.createOutputTopic('out', numbers).readKeyValues(), [['d', 4]])
    assert.deepEqual(
      [...driver.droppedRecords],
      [
        ['KSTREAM-SOURCE-0000000000: deserialization', 1],
        ['superstition: processing-error', 1],
        ['write: production-error', 1],
      ],
    )
    const [unreadable, unlucky, unwritable] = calls
    assert.ok(unreadable!.error instanceof DeserializationError)
    assert.ok(unlucky!.error instanceof ProcessingError)
    assert.ok(unwritable!.error instanceof ProductionError)
    assert.deepEqual(unreadable!.context.sourceRawValue, Buffer.from('short'))
    assert.deepEqual(unlucky!.record, { key: 'b', value: 13, timestamp: 2 })
    assert.deepEqual(unlucky!.context, {
      topic: 'in',
      partition: 0,
      offset: 1,
      headers,
      operator: 'superstition',
      taskId: '0_0',
      sourceRawKey: Buffer.from('b'),
      sourceRawValue: number(13),
    })
    assert.deepEqual(unwritable!.record, { key: 'c', value: 0.5, timestamp: 3 })
  })

  it('are asked once for each error, by the operator that failed', () => {
    const asked: string[] = []
    using driver = new TopologyTestDriver(numbersThrough(), {
      processingExceptionHandler: ({ operator }) => {
        asked.push(operator)
        return 'fail'
      },
    })
    assert.throws(() => driver.createInputTopic('in', raw).pipe('b', number(13)), ProcessingError)
    assert.deepEqual(asked, ['superstition'])
  })

  it('decide on schedules, too', () => {
    const builder = new StreamsBuilder()
    builder.stream('in', numbers).process(() => ({
      init: (context) =>
        void context.schedule('1s', 'wall-clock', () => {
          throw new Error('out of order')
        }),
      process: () => undefined,
    }))
    using driver = new TopologyTestDriver(builder.build(), { processingExceptionHandler: 'continue' })
    driver.advanceWallClock('1s')
    assert.deepEqual([...driver.droppedRecords], [['KSTREAM-PROCESSOR-0000000001: processing-error', 1]])
  })

  it('must answer fail or continue', () => {
    using driver = new TopologyTestDriver(numbersThrough(), {
      processingExceptionHandler: () => undefined as never,
    })
    assert.throws(
      () => driver.createInputTopic('in', raw).pipe('b', number(13)),
      /the processingExceptionHandler returned undefined, 'fail' or 'continue' expected/,
    )
  })

  it('that are functions cannot go to worker threads', () => {
    const options = { applicationId: 'app', brokers: ['localhost:9092'], threads: 2 }
    const processingExceptionHandler = () => 'continue' as const
    assert.throws(
      () => compileOptions({ ...options, processingExceptionHandler }),
      /processingExceptionHandler.*a function cannot go to worker threads/,
    )
    assert.doesNotThrow(() => compileOptions({ ...options, processingExceptionHandler: 'continue' }))
  })
})
