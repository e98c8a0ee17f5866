import { parseCommandLine, wholeNumber } from '../command-line.js'

export const RESTORE_USAGE = 'npm run bench -- restore [--records N] [--runs R] [--json FILE]'

export interface RestoreOptions {
  readonly records: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseRestoreOptions(args: readonly string[]): RestoreOptions {
  const { values } = parseCommandLine(args, {
    records: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  })
  return {
    records: wholeNumber('--records', values.records),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}
