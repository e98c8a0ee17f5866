import { parseArgs } from 'node:util'
import {
  isTopologyFormat,
  TOPOLOGY_FORMATS,
  type TopologyFormat,
} from '../observe/topology/topology-formats.js'
import { closest, SPELLINGS } from './config/spellings.js'
import { UsageError } from './usage-error.js'

export const COMMANDS = ['run', 'describe', 'topics', 'reset'] as const
export type CommandName = (typeof COMMANDS)[number]

/** What the command is asked for. */
export interface CommandLine {
  readonly command: CommandName
  readonly module: string
  /** Flags with values, without dashes: options, and `config`. */
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly printConfig: boolean
  readonly execute: boolean
  readonly format: TopologyFormat
}

/** What the command tells of itself. */
export type Request = 'help' | 'version' | CommandLine

const SWITCHES = {
  'print-config': { type: 'boolean', default: false },
  execute: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

const VALUES = { config: { type: 'string' }, format: { type: 'string', default: 'text' } } as const

/** Switches that are for one command. */
const ONLY_FOR: ReadonlyMap<string, CommandName> = new Map([
  ['print-config', 'run'],
  ['execute', 'reset'],
])

/** The options of the configuration, for `parseArgs`. */
export const OPTION_FLAGS = Object.fromEntries(
  SPELLINGS.flatMap(({ flag }) => (flag === undefined ? [] : [[flag, { type: 'string' }] as const])),
)

const KNOWN = [...Object.keys(SWITCHES), ...Object.keys(VALUES), ...Object.keys(OPTION_FLAGS)]

/** @throws {UsageError} that names what is wrong and what there is */
export function parseCommandLine(args: readonly string[]): Request {
  const { values, positionals } = parsed(args)
  if (values.help || args.length === 0) return 'help'
  if (values.version) return 'version'
  const [command, module, ...others] = positionals
  if (!isCommand(command))
    throw new UsageError(`${command ?? 'nothing'} is no command: ${COMMANDS.join(', ')}, schema`)
  if (module === undefined) throw new UsageError(`millrace ${command} MODULE: the module is missing`)
  if (others.length > 0) throw new UsageError(`one module at a time; what is ${others.join(' ')}?`)
  for (const [name, only] of ONLY_FOR) {
    if (values[name as keyof typeof SWITCHES] && command !== only)
      throw new UsageError(`--${name} is for millrace ${only}`)
  }
  const { format } = values
  if (!isTopologyFormat(format))
    throw new UsageError(`--format ${format}: give ${TOPOLOGY_FORMATS.join(', ')}`)
  const { 'print-config': printConfig, execute, help, version, ...flags } = values
  return { command, module, flags: { ...flags, format: undefined }, printConfig, execute, format }
}

const isCommand = (word: string | undefined): word is CommandName =>
  COMMANDS.some((command) => command === word)

interface Parsed {
  readonly values: Readonly<
    Record<keyof typeof SWITCHES, boolean> & { format: string } & Record<string, string | undefined>
  >
  readonly positionals: readonly string[]
}

function parsed(args: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...args],
      options: { ...OPTION_FLAGS, ...SWITCHES, ...VALUES },
      allowPositionals: true,
    }) as unknown as Parsed
  } catch (cause) {
    throw new UsageError(flagProblem(cause as Error, KNOWN), { cause })
  }
}

/** What is wrong with flags, as `parseArgs` has refused them. @param known those that there are */
export function flagProblem({ message }: Error, known: readonly string[]): string {
  const [, unknown] = /^Unknown option '-*([^']+)'/.exec(message) ?? []
  if (unknown === undefined) return message.split(/\. |\n/)[0]!
  const secret = SPELLINGS.find(
    ({ flag, variable }) => flag === undefined && variable === variableOf(unknown),
  )
  if (secret !== undefined) {
    return (
      `--${unknown}: others can read command lines: give ${secret.variable}, ${secret.name} in the configuration ` +
      `file, or --${unknown}-file`
    )
  }
  const meant = closest(unknown, known)
  return `there is no option --${unknown}${meant === undefined ? '' : `; is --${meant} meant?`}`
}

const variableOf = (flag: string): string => `MILLRACE_${flag.replaceAll('-', '_').toUpperCase()}`
