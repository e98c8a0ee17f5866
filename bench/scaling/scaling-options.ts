import { oneOf, parseCommandLine, wholeNumber } from '../command-line.js'
import { AXIS_NAMES, type Axis, type CaseLimits } from './scaling-cases.js'

export const SCALING_USAGE = `npm run bench -- scaling [${AXIS_NAMES.join('|')}...] [--records N] [--quick] [--runs R] [--docs DIR] [--json FILE]`

const MB = 1_000_000
const FULL: CaseLimits = { records: 5_000_000, valueBytes: 2_000 * MB, keyDivisor: 1 }
/** A try of a few seconds. */
const QUICK: CaseLimits = { records: 20_000, valueBytes: 20 * MB, keyDivisor: 1_000 }

export interface ScalingOptions {
  readonly axes: readonly Axis[]
  readonly limits: CaseLimits
  readonly runs: number
  /** Where table and plot go; undefined: nowhere. */
  readonly docs: string | undefined
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseScalingOptions(args: readonly string[]): ScalingOptions {
  const { values, positionals } = parseCommandLine(args, {
    records: { type: 'string' },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1' },
    docs: { type: 'string' },
    json: { type: 'string' },
  })
  const axes = positionals.map((name) => oneOf('axis', AXIS_NAMES, name))
  const limits = values.quick ? QUICK : FULL
  const records = values.records === undefined ? limits.records : wholeNumber('--records', values.records)
  return {
    axes: axes.length === 0 ? AXIS_NAMES : axes,
    limits: { ...limits, records },
    runs: wholeNumber('--runs', values.runs),
    docs: values.docs,
    json: values.json,
  }
}
