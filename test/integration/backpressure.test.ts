import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type KafkaStreams, type KafkaStreamsOptions, StreamsBuilder, string } from '../../src/index.js'
import { testBroker } from '../support/broker.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { TestApplication, warningsOf } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const MIB = 1024 * 1024
/** What one slice of processing and one response may bring beyond a bound. */
const SLACK = 2 * MIB
const PARTITIONS = 2
const KEYS = 10
const ALWAYS = { times: Number.POSITIVE_INFINITY }
const strings = { key: string(), value: string() }

/** Records that take so many bytes each. */
const wide = (from: number, to: number, bytes: number): TextRecord[] =>
  Array.from({ length: to - from }, (_, at) => ({
    key: `key${(from + at) % KEYS}`,
    value: String(from + at).padEnd(bytes, '.'),
    timestamp: 1000 + from + at,
  }))

/** An application that copies its input, and is connected through a proxy. */
async function copying(options: Partial<KafkaStreamsOptions>) {
  const proxy = await FaultProxy.start((await testBroker()).brokers)
  const app = await TestApplication.create({ ...options, brokers: proxy.brokers })
  const input = await app.topic('input', PARTITIONS)
  const output = await app.topic('output', 1)
  const builder = new StreamsBuilder()
  builder.stream(input, strings).to(output)
  const release = async () => {
    await app[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  }
  return { proxy, app, input, output, topology: builder.build(), [Symbol.asyncDispose]: release }
}

/** Asserts that each key has its values in order, each of them once. */
async function assertCopied(app: TestApplication, output: string, records: readonly TextRecord[]) {
  const expected = new Map<string, (string | null)[]>()
  for (const { key, value } of records) expected.set(key!, [...(expected.get(key!) ?? []), value])
  const copied = await app.valuesByKey(output)
  for (const [key, values] of expected) assert.deepEqual(copied.get(key), values, key)
}

const reasons = (streams: KafkaStreams) => streams.metrics().intake.paused.map(({ reason }) => reason)

/** Whether nothing is read on from because of a reason. */
const allPaused = (streams: KafkaStreams, reason: string) =>
  reasons(streams).filter((each) => each === reason).length === PARTITIONS

describe('backpressure', { concurrency: true }, () => {
  for (const processingGuarantee of ['exactly_once', 'at_least_once'] as const) {
    test(`a broker that takes no output stops intake, and nothing is lost (${processingGuarantee})`, async () => {
      const times = { commitInterval: '100ms', transactionTimeout: '2s' } as const
      await using copy = await copying({
        processingGuarantee,
        epochMaxBytes: MIB,
        fetchMaxBytes: MIB,
        ...times,
      })
      const { proxy, app, input, output, topology } = copy
      const records = wide(0, 12_000, 1000)
      await app.client.write(input, records.slice(0, 100))
      const streams = await app.started(topology)
      const warnings = warningsOf(streams)
      await app.until('all is processed', () => streams.metrics().lag === 0)

      const held = proxy.delayRequest({ api: 'Produce', ...ALWAYS })
      await app.client.write(input, records.slice(100))
      const standsStill = () => {
        const { pendingBytes, lag = 0 } = streams.metrics()
        return allPaused(streams, 'commit') && pendingBytes >= MIB && lag > 0
      }
      await app.until('intake stands still', standsStill)
      // A transaction lasts only so long: what is in it is dropped, and processed again.
      const given = processingGuarantee === 'exactly_once' ? 2 : 0
      await app.until('transactions are given up', () => warnings.length >= given)
      await app.until('intake stands still again', standsStill)
      const { pendingBytes, intake } = streams.metrics()
      assert.ok(pendingBytes < MIB + SLACK, `${pendingBytes} bytes wait for a commit`)
      assert.ok(intake.bufferedBytes < MIB + SLACK, `${intake.bufferedBytes} bytes are fetched`)

      held.cancel()
      held.release()
      await app.committed(input)
      assert.deepEqual(reasons(streams), [])
      assert.ok(streams.metrics().intake.pausedMs[`${input}:commit`]! > 0)
      await streams.close()
      await assertCopied(app, output, records)
    })
  }

  test('calls that take seconds stop intake at their capacity, and cost no rebalance', async () => {
    const proxy = await FaultProxy.start((await testBroker()).brokers)
    await using _ = proxy
    await using app = await TestApplication.create({
      brokers: proxy.brokers,
      sessionTimeout: '6s',
      fetchMaxBytes: MIB,
    })
    const [input, output] = [await app.topic('input', PARTITIONS), await app.topic('output', 1)]
    const capacity = 20
    let answer: () => void = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const builder = new StreamsBuilder()
    builder
      .stream(input, strings)
      .mapValuesAsync(
        async (value) => {
          await answered
          return value
        },
        { name: 'ask', capacity, timeout: '1m' },
      )
      .to(output, { value: string() })
    const records = wide(0, 12_000, 1000)
    await app.client.write(input, records)
    const streams = await app.started(builder.build())
    await app.until('all calls are made', () => allPaused(streams, 'calls'))
    const states: string[] = []
    streams.on('state', (state) => states.push(state))
    const beats = proxy.watch({ api: 'Heartbeat', ...ALWAYS })
    await app.until('it was heard of for longer than a session', () => beats.fired >= 3)

    const { asyncCalls, intake, pendingBytes } = streams.metrics()
    assert.deepEqual(
      asyncCalls.map(({ inFlight }) => inFlight),
      [capacity, capacity],
    )
    assert.ok(intake.bufferedBytes < MIB + SLACK, `${intake.bufferedBytes} bytes are fetched`)
    assert.equal(pendingBytes, 0)
    assert.deepEqual(states, [])

    answer()
    await app.committed(input)
    await app.until('all is answered', () => streams.metrics().lag === 0)
    assert.deepEqual(reasons(streams), [])
    await streams.close()
    await assertCopied(app, output, records)
  })

  test('a topic is read at its rate by all members together', async () => {
    const rate = 2000
    await using app = await TestApplication.create()
    const [input, output] = [await app.topic('input', PARTITIONS), await app.topic('output', 1)]
    const builder = new StreamsBuilder()
    builder.stream(input, strings).to(output)
    const topology = builder.build()
    const records = wide(0, 2000, 10)
    await app.client.write(input, records)
    const options = { rateLimits: { [input]: { recordsPerSecond: rate } } }
    const begun = performance.now()
    const first = await app.started(topology, options)
    await app.until('it is held back', () => reasons(first).includes('rate'))
    const second = await app.started(topology, options, 'second')
    const members = [first, second]
    const limits = () => members.map((each) => each.metrics().intake.rateLimits[0]!.recordsPerSecond)
    await app.until('each member has a partition', () => limits().every((limit) => limit === rate / 2))
    await app.until('all is read', () => {
      const seconds = (performance.now() - begun) / 1000
      const read = members.reduce((sum, each) => sum + each.metrics().recordsProcessed, 0)
      assert.ok(read <= rate * (seconds + 0.1) + PARTITIONS, `${read} in ${seconds} s`)
      return members.every((each) => each.metrics().lag === 0)
    })
    await app.committed(input)
    await Promise.all(members.map((each) => each.close()))
    await assertCopied(app, output, records)
  })

  test('an adaptive rate goes down while commits take long, and up again', async () => {
    const adaptive = { commitLatency: '2s' } as const
    await using copy = await copying({ transactionTimeout: '1m' })
    const { proxy, app, input, output, topology } = copy
    const records: TextRecord[] = []
    const write = async () => {
      const more = wide(records.length, records.length + 10, 10)
      records.push(...more)
      await app.client.write(input, more)
    }
    const streams = await app.started(topology, { rateLimits: { [input]: { adaptive } } })
    const rate = () => streams.metrics().intake.rateLimits[0]!.recordsPerSecond
    const held = proxy.delayRequest({ api: 'Produce', ...ALWAYS })
    await app.until('it is lowered', async () => {
      await write()
      return rate() !== undefined
    })
    held.cancel()
    held.release()
    let last = rate()!
    await app.until('it is raised', () => {
      const before = last
      last = rate()!
      return last > before
    })
    await app.committed(input)
    await streams.close()
    await assertCopied(app, output, records)
  })
})
