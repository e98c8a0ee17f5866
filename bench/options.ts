import { oneOf, parseCommandLine, wholeNumber } from './command-line.js'
import { GUARANTEES, type Guarantee, WORKLOADS, type Workload } from './workloads.js'

export const USAGE =
  'npm run bench -- [workload...] [--guarantee exactly_once|at_least_once] [--records N] [--runs R] [--json FILE]'

/** What to measure. */
export interface BenchOptions {
  readonly workloads: readonly Workload[]
  readonly guarantee: Guarantee
  readonly records: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseCommandLine(args, {
    guarantee: { type: 'string', default: 'exactly_once' },
    records: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  })
  return {
    workloads: workloads(positionals),
    guarantee: oneOf('--guarantee', GUARANTEES, values.guarantee),
    records: wholeNumber('--records', values.records),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}

function workloads(names: readonly string[]): readonly Workload[] {
  if (names.length === 0) return WORKLOADS
  return [...new Set(names.map((name) => oneOf('workload', WORKLOADS, name)))]
}
