import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ApplicationStoppedError,
  KafkaStreams,
  ProcessingError,
  type UncaughtExceptionResponse,
} from '../../src/index.js'
import { assertCounted, countingTopology, numbered } from '../support/counting.js'
import { TestApplication, warningsOf } from '../support/test-application.js'

const RECORDS = 200
const REFUSED = '100'

/** An application whose input has two partitions, with records in it. */
async function application(threads = 1) {
  const app = await TestApplication.create({ cacheMaxBytes: 0, threads })
  const input = await app.topic('input', 2)
  const output = await app.topic('output', 1)
  await app.client.write(input, numbered(RECORDS))
  return { app, input, output }
}

/** Throws on a value for the first so many times. */
function refusing(times: number): (value: string) => void {
  let left = times
  return (value) => {
    if (value === REFUSED && left-- > 0) throw new TypeError(`${value} is refused`)
  }
}

describe('a thread that has failed', () => {
  test('is replaced, and all is counted once', async () => {
    const { app, input, output } = await application()
    await using _ = app
    const streams = app.streams(countingTopology(input, output, refusing(1)), {
      uncaughtExceptionHandler: 'replace-thread',
    })
    const warnings = warningsOf(streams)
    await streams.start()
    await app.committed(input)
    assert.equal(streams.state, 'running')
    assert.deepEqual(warnings, ['ThreadReplacedError'])
    await assertCounted(app, output, numbered(RECORDS))
  })

  test('is replaced or not as a function decides, that of a worker thread too', async () => {
    const { app, input, output } = await application(2)
    await using _ = app
    const module = new URL('../support/topologies/counting-module.js', import.meta.url)
    module.search = new URLSearchParams({ input, output, refuse: REFUSED }).toString()
    const asked: [name: string, thread: number][] = []
    const streams = await KafkaStreams.fromModule(module, {
      ...app.options(),
      uncaughtExceptionHandler: ({ name }, thread): UncaughtExceptionResponse => {
        asked.push([name, thread])
        return asked.length === 1 ? 'replace-thread' : 'shutdown-client'
      },
    })
    const failed = new Promise<Error>((resolve) => streams.once('error', resolve))
    await streams.start()
    const error = await failed
    await streams.close()
    assert.equal(error.name, 'ProcessingError')
    assert.deepEqual(
      asked.map(([name]) => name),
      ['ProcessingError', 'ProcessingError'],
    )
    assert.equal(streams.state, 'error')
  })

  test('ends the client where nothing else was said, and a function that says nothing of use', async () => {
    for (const options of [{}, { uncaughtExceptionHandler: () => 'restart' as never }]) {
      const { app, input, output } = await application()
      await using _ = app
      const streams = new KafkaStreams(countingTopology(input, output, refusing(1)), app.options(options))
      const failed = new Promise<Error>((resolve) => streams.once('error', resolve))
      await streams.start()
      assert.ok((await failed) instanceof ProcessingError)
      await streams.close()
      assert.equal(streams.state, 'error')
    }
  })

  test('ends all clients of the application where that was asked for; what they have processed is committed', async () => {
    const { app, input, output } = await application()
    await using _ = app
    const other = new KafkaStreams(countingTopology(input, output), app.options({}, 'other'))
    const stopped = new Promise<Error>((resolve) => other.once('error', resolve))
    await other.start()
    await app.committed(input)
    const options = app.options({ uncaughtExceptionHandler: 'shutdown-application' })
    const refuse = (): never => {
      throw new TypeError('it is refused')
    }
    const streams = new KafkaStreams(countingTopology(input, output, refuse), options)
    const failed = new Promise<Error>((resolve) => streams.once('error', resolve))
    await streams.start()
    await app.until('each has a task', () =>
      [streams, other].every((each) => each.metrics().tasks.length === 1),
    )
    await app.client.write(input, numbered(RECORDS))
    assert.ok((await failed) instanceof ProcessingError)
    const reason = await stopped
    assert.ok(reason instanceof ApplicationStoppedError)
    assert.match(reason.message, /: PROCESSING in thread 0 of another process$/)
    await Promise.all([streams.close(), other.close()])
    assert.deepEqual([streams.state, other.state], ['error', 'error'])
  })
})
