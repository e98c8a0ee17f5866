import { parseCommandLine, wholeNumber } from '../command-line.js'

export const SERDES_USAGE = 'npm run bench -- serdes [--records N] [--runs R] [--json FILE]'

export interface SerdesOptions {
  /** How many are written and read in a run. */
  readonly records: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseSerdesOptions(args: readonly string[]): SerdesOptions {
  const { values } = parseCommandLine(args, {
    records: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '5' },
    json: { type: 'string' },
  })
  return {
    records: wholeNumber('--records', values.records),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}
