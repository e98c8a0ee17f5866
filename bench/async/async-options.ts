import { parseCommandLine, wholeNumber } from '../command-line.js'

export const ASYNC_USAGE =
  'npm run bench -- async [--records N] [--runs R] [--latency MS] [--capacity N] [--json FILE]'

export interface AsyncBenchOptions {
  readonly records: number
  readonly runs: number
  /** How long each call takes, milliseconds. */
  readonly latency: number
  readonly capacity: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseAsyncOptions(args: readonly string[]): AsyncBenchOptions {
  const { values } = parseCommandLine(args, {
    records: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    latency: { type: 'string', default: '20' },
    capacity: { type: 'string', default: '200' },
    json: { type: 'string' },
  })
  return {
    records: wholeNumber('--records', values.records),
    runs: wholeNumber('--runs', values.runs),
    latency: wholeNumber('--latency', values.latency),
    capacity: wholeNumber('--capacity', values.capacity),
    json: values.json,
  }
}
