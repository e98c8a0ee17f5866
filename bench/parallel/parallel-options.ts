import { oneOf, parseCommandLine, wholeNumber } from '../command-line.js'
import type { Workload } from '../workloads.js'

const PARALLEL_WORKLOADS = ['filter-map', 'count', 'window'] as const satisfies readonly Workload[]

export const PARALLEL_USAGE =
  'npm run bench -- parallel [filter-map|count|window ...] [--records N] [--runs R] [--json FILE]'

export interface ParallelOptions {
  readonly workloads: readonly Workload[]
  readonly records: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseParallelOptions(args: readonly string[]): ParallelOptions {
  const { values, positionals } = parseCommandLine(args, {
    records: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  })
  const workloads = positionals.map((name) => oneOf('workload', PARALLEL_WORKLOADS, name))
  return {
    workloads: workloads.length === 0 ? PARALLEL_WORKLOADS : workloads,
    records: wholeNumber('--records', values.records),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}
