import { parseArgs } from 'node:util'
import { WORKLOADS, type WorkloadName } from './workloads.js'

const TOPOLOGIES = Object.keys(WORKLOADS) as WorkloadName[]

export const USAGE =
  `npm run chaos -- [--topology ${TOPOLOGIES.join('|')}] [--minutes M] [--seed S] ` +
  '[--guarantee exactly_once|at_least_once] [--json FILE]'

export interface ChaosOptions {
  /** What the workers run. */
  readonly topology: WorkloadName
  readonly minutes: number
  /** Decides moments, kinds, victims and kill points. */
  readonly seed: number
  readonly guarantee: 'exactly_once' | 'at_least_once'
  /** Where the report goes as JSON; undefined: nowhere. */
  readonly json: string | undefined
}

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @throws {UsageError} that says what is allowed */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const { topology, minutes, seed, guarantee, json } = parsed(args)
  if (!isWorkload(topology)) {
    throw new UsageError(`--topology '${topology}' is none of ${TOPOLOGIES.join(', ')}`)
  }
  if (guarantee !== 'exactly_once' && guarantee !== 'at_least_once') {
    throw new UsageError(`--guarantee '${guarantee}' is neither exactly_once nor at_least_once`)
  }
  return {
    topology,
    minutes: number('--minutes', minutes, (value) => value > 0),
    seed: number('--seed', seed, (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32),
    guarantee,
    json,
  }
}

const isWorkload = (name: string): name is WorkloadName => Object.hasOwn(WORKLOADS, name)

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        topology: { type: 'string', default: 'counts' },
        minutes: { type: 'string', default: '5' },
        seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
        guarantee: { type: 'string', default: 'exactly_once' },
        json: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function number(option: string, text: string, allowed: (value: number) => boolean): number {
  const value = Number(text)
  if (text.trim() !== '' && allowed(value)) return value
  throw new UsageError(`${option} '${text}' is not a number that is allowed`)
}
