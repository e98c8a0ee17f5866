import { readFileSync } from 'node:fs'
import { UsageError } from '../usage-error.js'
import { type ConfigOption, closest, SPELLINGS, type Spelling } from './spellings.js'

/** An option that is given, and where. */
export interface GivenOption {
  readonly option: ConfigOption
  /** Not checked yet. */
  readonly value: unknown
  /** For people: `MILLRACE_THREADS`, `--threads`, `threads in worker.json`. */
  readonly source: string
}

/** What one source gives, and what is wrong with it. */
export interface GivenOptions {
  readonly given: readonly GivenOption[]
  readonly problems: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

/** The options that flags give: names without dashes, as they were parsed. */
export const optionsOfFlags = (flags: Readonly<Record<string, string | undefined>>): GivenOptions =>
  collect(SPELLINGS, ({ flag }) => {
    const value = flag === undefined ? undefined : flags[flag]
    return value === undefined ? undefined : { value, source: `--${flag}` }
  })

/** The options that the environment gives; an empty variable gives none. */
export const optionsOfEnvironment = (environment: Environment): GivenOptions =>
  collect(SPELLINGS, ({ variable }) => {
    const value = environment[variable]
    return value === undefined || value === '' ? undefined : { value, source: variable }
  })

/** What Kubernetes and Docker put into the environment of containers beside a service that is called `millrace...`. */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT\w*)|PORT(_\d+_(TCP|UDP)\w*)?)$/

/** Variables that seem to be meant for us, and are no option: with what may have been meant. */
export function unknownVariables(environment: Environment): { variable: string; meant?: string }[] {
  const known = [...SPELLINGS.map(({ variable }) => variable), 'MILLRACE_CONFIG']
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('MILLRACE_') && !known.includes(name) && !SERVICE_LINK.test(name),
  )
  return unknown.map((variable) => {
    const meant = closest(variable, known)
    return meant === undefined ? { variable } : { variable, meant }
  })
}

/**
 * The options that a file of JSON gives.
 *
 * @throws {UsageError} if there is none, or it is no JSON object
 */
export function optionsOfFile(file: string): GivenOptions {
  const names = new Map(SPELLINGS.map((spelling) => [spelling.name, spelling]))
  const values = new Map<Spelling, unknown>()
  const problems: string[] = []
  const read = (object: object, path: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const name = `${path}${key}`
      const spelling = names.get(name)
      const isGroup = [...names.keys()].some((each) => each.startsWith(`${name}.`))
      if (spelling !== undefined) values.set(spelling, value)
      else if (isGroup && typeof value === 'object' && value !== null) read(value, `${name}.`)
      else problems.push(`${file}: ${noOption(name, [...names.keys()])}`)
    }
  }
  read(jsonObject(file), '')
  const { given, problems: others } = collect([...values.keys()], (spelling) => ({
    value: values.get(spelling),
    source: `${spelling.name} in ${file}`,
  }))
  return { given, problems: [...problems, ...others] }
}

/** Says that there is no such option, and which was meant. */
export function noOption(name: string, known: readonly string[]): string {
  const meant = closest(name, known)
  return `there is no option ${name}${meant === undefined ? '' : `; is ${meant} meant?`}`
}

function jsonObject(file: string): object {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UsageError(`the configuration file ${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  throw new UsageError(`the configuration file ${file} has no JSON object in it`)
}

interface Written {
  readonly value: unknown
  readonly source: string
}

/** What stands where in one source: an option once, however it is spelled. */
function collect(
  spellings: readonly Spelling[],
  find: (spelling: Spelling) => Written | undefined,
): GivenOptions {
  const given = new Map<ConfigOption, GivenOption>()
  const problems: string[] = []
  for (const spelling of spellings) {
    const written = find(spelling)
    if (written === undefined) continue
    const { option } = spelling
    const { source } = written
    const other = given.get(option)
    if (other !== undefined) problems.push(`${other.source} and ${source} are the same option: give one`)
    try {
      given.set(option, { option, value: writtenValue(spelling, written.value), source })
    } catch (error) {
      problems.push(`${source}: ${(error as Error).message}`)
    }
  }
  return { given: [...given.values()], problems }
}

function writtenValue({ option, namesFile }: Spelling, written: unknown): unknown {
  if (!namesFile) return typeof written === 'string' ? option.parse(written) : written
  // Editors end a file with a line break, which belongs to no password.
  return readFileSync(String(written), 'utf8').replace(/\r?\n$/, '')
}
