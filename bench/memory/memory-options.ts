import { oneOf, parseCommandLine, wholeNumber } from '../command-line.js'
import { SITUATIONS, type SituationName } from './situations.js'

const NAMES = Object.keys(SITUATIONS) as SituationName[]

export const MEMORY_USAGE = `npm run bench -- memory [${NAMES.join('|')}...] [--records N] [--json FILE]`

export interface MemoryOptions {
  readonly situations: readonly SituationName[]
  /** Undefined: the full size of each situation. */
  readonly records: number | undefined
  /** Where the figures go as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** @throws {UsageError} that says what is allowed */
export function parseMemoryOptions(args: readonly string[]): MemoryOptions {
  const { values, positionals } = parseCommandLine(args, {
    records: { type: 'string' },
    json: { type: 'string' },
  })
  const situations = positionals.map((name) => oneOf('situation', NAMES, name))
  return {
    situations: situations.length === 0 ? NAMES : situations,
    records: values.records === undefined ? undefined : wholeNumber('--records', values.records),
    json: values.json,
  }
}
