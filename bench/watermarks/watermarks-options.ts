import { oneOf, parseCommandLine, wholeNumber } from '../command-line.js'
import { WORKLOADS, type Workload } from '../workloads.js'

/** Those whose results are the same with watermarks and without. */
const WATERMARK_WORKLOADS = WORKLOADS.filter((workload) => workload !== 'join')

export const WATERMARKS_USAGE =
  'npm run bench -- watermarks [workload...] [--disorder MS] [--records N] [--runs R] [--json FILE]'

export interface WatermarksOptions {
  readonly workloads: readonly Workload[]
  /** How far watermarks stay behind the records, milliseconds. */
  readonly disorder: number
  readonly records: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseWatermarksOptions(args: readonly string[]): WatermarksOptions {
  const { values, positionals } = parseCommandLine(args, {
    disorder: { type: 'string', default: '1000' },
    records: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
  })
  const workloads = positionals.map((name) => oneOf('workload', WATERMARK_WORKLOADS, name))
  return {
    workloads: workloads.length === 0 ? ['count', 'window'] : workloads,
    disorder: wholeNumber('--disorder', values.disorder),
    records: wholeNumber('--records', values.records),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}
