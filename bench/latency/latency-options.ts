import { oneOf, parseCommandLine, wholeNumber } from '../command-line.js'
import { GUARANTEES, type Guarantee } from '../workloads.js'
import { LATENCY_WORKLOADS, type LatencyWorkload } from './latency-ledger.js'

export const LATENCY_USAGE =
  'npm run bench -- latency [filter-map|count...] [--guarantee G] [--rate N] [--drain-records N] [--warm-up S] ' +
  '[--seconds S] [--runs R] [--json FILE]'

export interface LatencyOptions {
  readonly workloads: readonly LatencyWorkload[]
  readonly guarantees: readonly Guarantee[]
  /** Records a second that are offered; undefined: a quarter of what Kafka Streams drains. */
  readonly rate: number | undefined
  /** Records that Kafka Streams drains where the rate is found by that. */
  readonly drainRecords: number
  /** Seconds of the offered rate before anything counts. */
  readonly warmUpSeconds: number
  /** Seconds whose records count. */
  readonly seconds: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseLatencyOptions(args: readonly string[]): LatencyOptions {
  const { values, positionals } = parseCommandLine(args, {
    guarantee: { type: 'string' },
    rate: { type: 'string' },
    'drain-records': { type: 'string', default: '2000000' },
    'warm-up': { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  })
  const { guarantee, rate } = values
  const workloads = positionals.map((name) => oneOf('workload', LATENCY_WORKLOADS, name))
  return {
    workloads: workloads.length === 0 ? LATENCY_WORKLOADS : workloads,
    guarantees: guarantee === undefined ? GUARANTEES : [oneOf('--guarantee', GUARANTEES, guarantee)],
    rate: rate === undefined ? undefined : wholeNumber('--rate', rate),
    drainRecords: wholeNumber('--drain-records', values['drain-records']),
    warmUpSeconds: wholeNumber('--warm-up', values['warm-up']),
    seconds: wholeNumber('--seconds', values.seconds),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}
