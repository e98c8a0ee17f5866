import { CountWindows, json, StreamsBuilder, string, TumblingWindows, Watermarks } from 'millrace'
import { type LogLine, logLines } from './logs/log-lines.js'

/** How many of a service's lines of a minute were errors, keyed by the service. */
export interface ErrorRate {
  readonly service: string
  /** Epoch milliseconds. */
  readonly windowStart: number
  readonly lines: number
  readonly errors: number
  /** Errors for each line. */
  readonly rate: number
}

/** One for every so many errors that are alike, keyed by service and fingerprint. */
export interface ErrorSample {
  readonly service: string
  /** What they have in common. */
  readonly fingerprint: string
  readonly errors: number
  /** The first of them. */
  readonly message: string
}

/** Errors that a sample stands for. */
export const ERRORS_PER_SAMPLE = 25

interface Lines {
  readonly lines: number
  readonly errors: number
}

/** A message without what differs from one occurrence to the next: numbers, addresses, ids. */
export const fingerprint = (message: string): string =>
  message.replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '#').replace(/\b\d+(?:[.:]\d+)*\b/g, '#')

const builder = new StreamsBuilder()

const lines = builder.stream('logs', {
  key: string(),
  value: json<LogLine>(),
  // Hosts send what they have once in a few seconds; one that is silent keeps nobody waiting.
  watermark: Watermarks.boundedOutOfOrderness('5s').withIdleness('10s'),
})

/** Errors for each line of a service, when a minute is over. */
lines
  .groupBy((_, { service }) => service, { key: string(), value: json() })
  .windowedBy(TumblingWindows.of('1m'))
  .emitStrategy('onWindowClose')
  .aggregate(
    (): Lines => ({ lines: 0, errors: 0 }),
    (_, { level }, sums) => ({
      lines: sums.lines + 1,
      errors: sums.errors + (level === 'error' ? 1 : 0),
    }),
    { store: 'lines-per-minute', value: json<Lines>() },
  )
  .toStream()
  .map(({ key, window }, sums): [string, ErrorRate] => [
    key,
    { service: key, windowStart: window.start, ...sums, rate: sums.errors / sums.lines },
  ])
  .to('error-rates', { key: string(), value: json() })

/** One message for every 25 that are alike: enough to see what is wrong, however many there are. */
lines
  .filter((_, { level }) => level === 'error')
  .groupBy((_, { service, message }) => `${service}: ${fingerprint(message)}`, {
    key: string(),
    value: json(),
  })
  .windowedBy(CountWindows.of(ERRORS_PER_SAMPLE))
  .aggregate(
    (): ErrorSample => ({ service: '', fingerprint: '', errors: 0, message: '' }),
    (_, { service, message }, { errors, ...first }) =>
      errors === 0
        ? { service, fingerprint: fingerprint(message), errors: 1, message }
        : { ...first, errors: errors + 1 },
    { store: 'errors-alike', value: json<ErrorSample>() },
  )
  .to('error-samples', { key: string() })

export default builder.build()

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'log-aggregation',
  input: logLines(),
  otherOutputs: ['error-samples'],
  results: {
    topic: 'error-rates',
    key: string(),
    value: json<ErrorRate>(),
    fields: (_: string, rate: ErrorRate) => ({ ...rate, worst: rate.rate }),
    title: 'Errors by service',
    row: 'service',
    windowStart: 'windowStart',
    lastHours: 2,
    columns: [
      { title: 'errors', field: 'errors', combine: 'sum' },
      { title: 'lines', field: 'lines', combine: 'sum' },
      { title: 'mean rate', field: 'rate', combine: 'mean', weight: 'lines' },
      { title: 'worst rate', field: 'worst', combine: 'max' },
    ],
  },
}
