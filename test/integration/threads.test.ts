import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { ConfigError, KafkaStreams, type StreamsError } from '../../src/index.js'
import { assertCounted, countingTopology, numbered } from '../support/counting.js'
import { isWritten } from '../support/processed-all.js'
import { TestApplication } from '../support/test-application.js'

function countingModule(parameters: Record<string, string>): URL {
  const url = new URL('../support/topologies/counting-module.js', import.meta.url)
  url.search = new URLSearchParams(parameters).toString()
  return url
}

async function applicationOfTwoThreads(parameters: Record<string, string> = {}) {
  const app = await TestApplication.create({ cacheMaxBytes: 0, threads: 2 })
  const input = await app.topic('input', 4)
  const output = await app.topic('output', 1)
  const module = countingModule({ input, output, ...parameters })
  const streams = app.keep(await KafkaStreams.fromModule(module, app.options()))
  return { app, input, output, streams }
}

const everyThreadHasTasks = (streams: KafkaStreams): boolean => {
  const { threads } = streams.metrics()
  return threads.length === 2 && threads.every(({ tasks }) => tasks.length === 2)
}

describe('two threads', () => {
  test('share the tasks, and count every record once', async () => {
    const { app, input, output, streams } = await applicationOfTwoThreads()
    await using _ = app
    await streams.start()
    await app.until('both have tasks', () => streams.state === 'running' && everyThreadHasTasks(streams))
    const records = numbered(1000, { keys: 40 })
    await app.client.write(input, records)
    await app.committed(input)
    await app.until('both report', () => streams.metrics().recordsProcessed === 1000)
    for (const { recordsProcessed } of streams.metrics().threads) assert.ok(recordsProcessed > 0)
    await assertCounted(app, output, records)
    await streams.close()
    assert.equal(streams.state, 'not-running')
  })

  test('answer queries together, in order of the keys', async () => {
    const { app, input, streams } = await applicationOfTwoThreads()
    await using _ = app
    const records = numbered(90, { keys: 30 })
    await app.client.write(input, records)
    await streams.start()
    await app.committed(input)
    await app.until('both have tasks', () => streams.state === 'running' && everyThreadHasTasks(streams))
    await app.until('both report', () => streams.metrics().recordsProcessed === 90 && isWritten(streams))
    const store = streams.store<string, number>('counts')
    const keys = [...new Set(records.map(({ key }) => key!))].sort()
    assert.deepEqual(
      (await store.all()).map(({ key, value }) => [key, value]),
      keys.map((key) => [key, 3]),
    )
    for (const key of keys.slice(0, 6)) assert.equal((await store.get(key))?.value, 3)
    await streams.close()
    await assert.rejects(store.get(keys[0]!), { code: 'NOT_RUNNING' })
  })

  test('end with the error of either, as it was thrown', async () => {
    const { app, input, output, streams } = await applicationOfTwoThreads({ refuse: '7' })
    await using _ = app
    const failed = once(streams, 'error') as Promise<[StreamsError]>
    await streams.start()
    await app.client.write(input, numbered(10))
    const [error] = await failed
    assert.equal(error.name, 'ProcessingError')
    assert.equal(error.code, 'PROCESSING')
    assert.match(
      error.message,
      new RegExp(`operator check failed at topic ${input}, partition \\d, offset \\d: 7 is refused`),
    )
    assert.ok(error.cause instanceof Error)
    assert.equal(error.cause.name, 'TypeError')
    assert.match(error.cause.stack!, /counting-module/)
    await streams.close()
    assert.equal(streams.state, 'error')
    const counts = await app.valuesByKey(output)
    assert.equal(counts.has('key7'), false)
  })
})

test('threads > 1 needs a module that each of them can load', async () => {
  const app = await TestApplication.create()
  await using _ = app
  assert.throws(
    () => app.streams(countingTopology('input', 'output'), { threads: 2 }),
    (error) =>
      error instanceof ConfigError && /option threads: .*KafkaStreams\.fromModule/.test(error.message),
  )
})

test('a module without a topology is refused, naming it', async () => {
  const app = await TestApplication.create({ threads: 2 })
  await using _ = app
  const module = new URL('../support/until.js', import.meta.url)
  await assert.rejects(KafkaStreams.fromModule(module, app.options()), {
    code: 'INVALID_TOPOLOGY_MODULE',
    message: /until\.js must have a Topology .* default export/,
  })
})
