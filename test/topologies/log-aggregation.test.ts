import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, string } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import topology, {
  demo,
  ERRORS_PER_SAMPLE,
  type ErrorRate,
  type ErrorSample,
  fingerprint,
} from '../../topologies/log-aggregation.js'
import type { LogLine } from '../../topologies/logs/log-lines.js'

type Line = readonly [line: LogLine, timestamp: number]

/** What comes of lines when all have come. */
function outputs(lines: readonly Line[]): { rates: ErrorRate[]; samples: ErrorSample[] } {
  using driver = new TopologyTestDriver(topology)
  const logs = driver.createInputTopic('logs', { key: string(), value: json<LogLine>() })
  for (const [line, timestamp] of lines) logs.pipe('host', line, { timestamp })
  driver.drain()
  const rates = driver.createOutputTopic('error-rates', { key: string(), value: json<ErrorRate>() })
  const samples = driver.createOutputTopic('error-samples', { key: string(), value: json<ErrorSample>() })
  return {
    rates: rates.readAll().map(({ value }) => value!),
    samples: samples.readAll().map(({ value }) => value!),
  }
}

const error = (message: string): LogLine => ({ service: 'checkout', level: 'error', message })
const info: LogLine = { service: 'checkout', level: 'info', message: 'order 1 placed' }

describe('topologies/log-aggregation.ts', () => {
  it('gives the errors for each line of a minute, once', () => {
    const { rates } = outputs([
      [info, 0],
      [error('order 1 rejected'), 10_000],
      [info, 61_000],
      [info, 59_000],
      [info, 30_000],
    ])
    assert.deepEqual(rates, [
      { service: 'checkout', windowStart: 0, lines: 4, errors: 1, rate: 0.25 },
      { service: 'checkout', windowStart: 60_000, lines: 1, errors: 0, rate: 0 },
    ])
  })

  it('gives one message for so many errors that are alike', () => {
    const alike = Array.from(
      { length: 2 * ERRORS_PER_SAMPLE - 1 },
      (_, order): Line => [error(`order ${order} rejected`), order],
    )
    const { samples } = outputs([...alike, [error('payment failed'), 99]])
    assert.deepEqual(samples, [
      {
        service: 'checkout',
        fingerprint: 'order # rejected',
        errors: ERRORS_PER_SAMPLE,
        message: 'order 0 rejected',
      },
    ])
  })

  it('takes messages for alike that differ in numbers, addresses and ids', () => {
    const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
    assert.equal(fingerprint(`user ${id} from 10.0.0.7:443: 12 tries`), 'user # from #: # tries')
    assert.equal(fingerprint('utf8 sha256'), 'utf8 sha256')
  })

  it('shows the outage in what npm start publishes', () => {
    const lines = demo.input.map(({ value, timestamp }): Line => [JSON.parse(value), timestamp])
    const { rates, samples } = outputs(lines)
    assert.equal(
      rates.reduce((sum, rate) => sum + rate.lines, 0),
      lines.length,
    )
    const worst = rates.filter(({ rate }) => rate > 0.5)
    assert.deepEqual(
      worst.map(({ service, windowStart }) => [service, new Date(windowStart).getUTCMinutes()]),
      [
        ['checkout', 4],
        ['checkout', 5],
      ],
    )
    assert.ok(samples.some((sample) => sample.fingerprint.startsWith('payment # failed')))
  })
})
