import { type ParseArgsConfig, parseArgs } from 'node:util'
import { COMPATIBILITIES, type Compatibility } from '../../serdes/schema-registry/compatibility.js'
import type { SchemaReference, SchemaType } from '../../serdes/schema-registry/schema-text.js'
import { flagProblem, OPTION_FLAGS } from '../command-line.js'
import { UsageError } from '../usage-error.js'

const SCHEMA_ACTIONS = ['check', 'register', 'diff', 'types'] as const
export type SchemaAction = (typeof SCHEMA_ACTIONS)[number]

/** What `millrace schema` is asked for. */
export interface SchemaCommandLine {
  readonly action: SchemaAction
  /** Files, a module, subjects. */
  readonly operands: readonly string[]
  /** Those of the files, one by one. */
  readonly subjects: readonly string[]
  /** The language of the files; undefined: as they are called. */
  readonly type: SchemaType | undefined
  readonly references: readonly SchemaReference[]
  readonly compatibility: Compatibility | undefined
  readonly out: string | undefined
  readonly long: 'number' | 'bigint'
  readonly json: boolean
  readonly dryRun: boolean
  readonly check: boolean
  /** Options of the configuration, and `config`. */
  readonly flags: Readonly<Record<string, string | undefined>>
}

const OWN = {
  subject: { type: 'string', multiple: true, default: [] as string[] },
  type: { type: 'string' },
  reference: { type: 'string', multiple: true, default: [] as string[] },
  compatibility: { type: 'string' },
  out: { type: 'string' },
  long: { type: 'string', default: 'number' },
  json: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  config: { type: 'string' },
} satisfies ParseArgsConfig['options']

/** Flags that are for some actions only. */
const ONLY_FOR: Readonly<Record<string, readonly SchemaAction[]>> = {
  subject: ['check', 'register', 'types'],
  compatibility: ['register'],
  'dry-run': ['register'],
  out: ['types'],
  check: ['types'],
  json: ['check', 'register', 'diff'],
}

const LANGUAGES: Readonly<Record<string, SchemaType>> = { avro: 'AVRO', json: 'JSON', protobuf: 'PROTOBUF' }

interface Parsed {
  readonly values: Readonly<Record<string, string | readonly string[] | boolean | undefined>>
  readonly positionals: readonly string[]
}

/** @throws {UsageError} that names what is wrong and what there is */
export function parseSchemaCommandLine(args: readonly string[]): 'help' | SchemaCommandLine {
  const { values, positionals } = parsed(args)
  if (values.help === true || args.length === 0) return 'help'
  const [word, ...operands] = positionals
  const action = SCHEMA_ACTIONS.find((each) => each === word)
  if (action === undefined)
    throw new UsageError(`millrace schema ${word ?? ''}: give ${SCHEMA_ACTIONS.join(', ')}`)
  for (const [flag, actions] of Object.entries(ONLY_FOR)) {
    const given = values[flag]
    const isGiven = Array.isArray(given) ? given.length > 0 : given !== undefined && given !== false
    if (isGiven && !actions.includes(action)) {
      throw new UsageError(`--${flag} is for millrace schema ${actions.join(', ')}`)
    }
  }
  const names = Object.keys(OWN).filter((name) => name !== 'config')
  return {
    action,
    operands,
    subjects: values.subject as string[],
    type: chosen('type', values.type, LANGUAGES),
    references: (values.reference as string[]).map(referenceOf),
    compatibility: chosen(
      'compatibility',
      values.compatibility,
      Object.fromEntries(COMPATIBILITIES.map((each) => [each, each])),
    ),
    out: values.out as string | undefined,
    long: chosen('long', values.long, { number: 'number', bigint: 'bigint' } as const)!,
    json: values.json === true,
    dryRun: values['dry-run'] === true,
    check: values.check === true,
    flags: Object.fromEntries(
      Object.entries(values).filter(([name]) => !names.includes(name)),
    ) as SchemaCommandLine['flags'],
  }
}

function parsed(args: readonly string[]): Parsed {
  const options = { ...OPTION_FLAGS, ...OWN }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true }) as unknown as Parsed
  } catch (cause) {
    throw new UsageError(flagProblem(cause as Error, Object.keys(options)), { cause })
  }
}

function chosen<T>(flag: string, given: unknown, words: Readonly<Record<string, T>>): T | undefined {
  if (given === undefined) return undefined
  const meant = words[String(given)]
  if (meant === undefined || !Object.hasOwn(words, String(given)))
    throw new UsageError(`--${flag} ${given}: give ${Object.keys(words).join(', ')}`)
  return meant
}

const REFERENCE = /^(.+?)=(.+)@([1-9]\d*)$/

/** `NAME=SUBJECT@VERSION` */
function referenceOf(written: string): SchemaReference {
  const [, name, subject, version] = REFERENCE.exec(written) ?? []
  if (name === undefined || subject === undefined)
    throw new UsageError(`--reference ${written}: give NAME=SUBJECT@VERSION`)
  return { name, subject, version: Number(version) }
}
