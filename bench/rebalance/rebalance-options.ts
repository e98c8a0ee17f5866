import { parseCommandLine, wholeNumber } from '../command-line.js'

export const REBALANCE_USAGE = 'npm run bench -- rebalance [--rate N] [--runs R] [--json FILE]'

export interface RebalanceOptions {
  /** Records a second that are published, over all partitions. */
  readonly rate: number
  readonly runs: number
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseRebalanceOptions(args: readonly string[]): RebalanceOptions {
  const { values } = parseCommandLine(args, {
    rate: { type: 'string', default: '20000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  })
  return {
    rate: wholeNumber('--rate', values.rate),
    runs: wholeNumber('--runs', values.runs),
    json: values.json,
  }
}
