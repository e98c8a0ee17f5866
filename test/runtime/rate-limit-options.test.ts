import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KafkaStreams, type RateLimit, StreamsBuilder, string } from '../../src/index.js'
import { compileOptions } from '../../src/runtime/streams-config.js'

const strings = { key: string(), value: string() }
const required = { applicationId: 'limited', brokers: ['localhost:9092'] }
const UNLIMITED = Number.POSITIVE_INFINITY

const compiled = (limit: RateLimit) =>
  compileOptions({ ...required, rateLimits: { input: limit } }).rateLimits.input

function topology() {
  const builder = new StreamsBuilder()
  const pages = builder.globalTable('pages', { ...strings, store: 'pages' })
  builder
    .stream('input', strings)
    .merge(builder.stream(/log-.+/, strings))
    .leftJoin(
      pages,
      (key) => key,
      (value) => value,
    )
    .repartition({ ...strings, name: 'by-user' })
    .to('output')
  return builder.build()
}

describe('rate limits', () => {
  it('limit nothing that they do not name', () => {
    assert.deepEqual(compileOptions(required).rateLimits, {})
    assert.deepEqual(compiled({ recordsPerSecond: 100 }), {
      recordsPerSecond: 100,
      bytesPerSecond: UNLIMITED,
      adaptive: undefined,
    })
  })

  it('adapt to the signals that are named, or to both', () => {
    assert.deepEqual(compiled({ adaptive: true })?.adaptive, {
      eventLoopDelayMs: 100,
      commitLatencyMs: 1000,
    })
    assert.deepEqual(compiled({ bytesPerSecond: 1e6, adaptive: { eventLoopDelay: '20ms' } })?.adaptive, {
      eventLoopDelayMs: 20,
      commitLatencyMs: UNLIMITED,
    })
  })

  const refused: readonly (readonly [RateLimit, RegExp])[] = [
    [{ recordsPerSecond: 0 }, /option rateLimits\.input\.recordsPerSecond: 0 must be a number above 0/],
    [{ bytesPerSecond: Number.NaN }, /option rateLimits\.input\.bytesPerSecond: NaN must be a number above/],
    [{ recordsPerSecond: '10' as never }, /10 must be a number above 0/],
    [{}, /option rateLimits\.input: limits nothing: give it one of recordsPerSecond, bytesPerSecond, adap/],
    [{ adaptive: false }, /option rateLimits\.input: limits nothing/],
    [
      { recordPerSecond: 5 } as never,
      /recordPerSecond is none of recordsPerSecond, bytesPerSecond, adaptive/,
    ],
    [5 as never, /option rateLimits\.input: must be an object with some of recordsPerSecond/],
    [
      { adaptive: {} },
      /option rateLimits\.input\.adaptive: follows no signal: give it one of eventLoopDelay/,
    ],
    [{ adaptive: { commitLatency: 0 } }, /rateLimits\.input\.adaptive\.commitLatency: 0 is not allowed/],
    [{ adaptive: { latency: 1 } as never }, /latency is none of eventLoopDelay, commitLatency/],
  ]
  for (const [limit, message] of refused) {
    it(`are refused: ${JSON.stringify(limit)}`, () => {
      assert.throws(() => compiled(limit), message)
    })
  }

  it('are for topics that the topology reads, internal ones and those that patterns are for included', () => {
    const limit = { recordsPerSecond: 10 }
    const limited = (...topics: string[]) =>
      new KafkaStreams(topology(), {
        ...required,
        rateLimits: Object.fromEntries(topics.map((topic) => [topic, limit])),
      })
    limited('input', 'log-de', 'by-user-repartition')
    for (const topic of ['output', 'catalog-de', 'pages']) {
      assert.throws(
        () => limited('input', topic),
        new RegExp(
          `option rateLimits: the topology does not read ${topic}, or only for a global store; it reads input, by-user-rep`,
        ),
      )
    }
  })
})
