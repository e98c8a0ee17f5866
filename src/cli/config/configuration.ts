import { compileOptions, type KafkaStreamsOptions, type StreamsConfig } from '../../runtime/streams-config.js'
import { ConfigError } from '../../runtime/streams-error.js'
import { STREAMS_OPTIONS } from '../../runtime/streams-options.js'
import { UsageError } from '../usage-error.js'
import { connectionSecurity } from './connection-security.js'
import {
  type GivenOption,
  optionsOfEnvironment,
  optionsOfFile,
  optionsOfFlags,
  unknownVariables,
} from './given-options.js'
import { SERVICE_OPTIONS } from './service-options.js'
import { OPTIONS, SPELLINGS } from './spellings.js'

type ServiceOptions = typeof SERVICE_OPTIONS

export interface ConfigurationSources {
  /** Flags of the command line by name without dashes, `config` too. */
  readonly flags: Readonly<Record<string, string | undefined>>
  readonly environment: Readonly<Record<string, string | undefined>>
}

const MASK = '********'

/**
 * What the command goes by: flags before the environment, that before the file, and that before defaults. Every option is
 * checked, wherever it stands.
 */
export class Configuration {
  private constructor(
    private readonly given: ReadonlyMap<string, GivenOption>,
    /** What is worth a warning. */
    readonly warnings: readonly string[],
  ) {}

  /** @throws {UsageError} that names every option that is wrong, where it stands and the values allowed */
  static read(sources: ConfigurationSources): Configuration {
    const configuration = Configuration.readAny(sources, REQUIRED)
    configuration.checkTogether()
    return configuration
  }

  /** What is read where no client is made: what a client needs may be missing. @throws {UsageError} as {@link read} */
  static readWithoutClient(sources: ConfigurationSources): Configuration {
    return Configuration.readAny(sources, [])
  }

  private static readAny(
    { flags, environment }: ConfigurationSources,
    required: readonly string[],
  ): Configuration {
    const file = flags.config ?? (environment.MILLRACE_CONFIG || undefined)
    const sources = [
      ...(file === undefined ? [] : [optionsOfFile(file)]),
      optionsOfEnvironment(environment),
      optionsOfFlags(flags),
    ]
    const given = new Map(sources.flatMap((source) => source.given.map((each) => [each.option.name, each])))
    const problems = [
      ...sources.flatMap((source) => source.problems),
      ...sources.flatMap((source) => source.given.flatMap(problemsOf)),
      ...requiredProblems(given, required),
    ]
    if (problems.length > 0) throw new UsageError(problems.join('\n'))
    return new Configuration(given, warningsOf(environment))
  }

  /** What the client is made with. */
  get streams(): KafkaStreamsOptions {
    const plain = Object.keys(STREAMS_OPTIONS).flatMap((name) => {
      const option = this.given.get(name)
      return option === undefined ? [] : [[name, option.value] as const]
    })
    // Each of them has been checked.
    const options = Object.fromEntries(plain) as unknown as KafkaStreamsOptions
    return { ...options, ...connectionSecurity((name) => this.value(name)) }
  }

  /** What names the internal topics. @throws {UsageError} if it is missing, where no client was to be made */
  get applicationId(): string {
    const problems = requiredProblems(this.given, ['applicationId'])
    if (problems.length > 0) throw new UsageError(problems.join('\n'))
    return this.streams.applicationId
  }

  /** The same, complete. */
  get compiled(): StreamsConfig {
    return compileOptions(this.streams)
  }

  /** The value of an option of the service, or its default. */
  value<N extends keyof ServiceOptions>(name: N): ReturnType<ServiceOptions[N]['check']> {
    const { check, ...definition } = SERVICE_OPTIONS[name] as ServiceOptions[N] & { default?: unknown }
    return check(name, this.given.get(name)?.value ?? definition.default) as ReturnType<
      ServiceOptions[N]['check']
    >
  }

  /** All options as they hold, in the shape of the file, and where those stand that were given. Secrets are masked. */
  get printable(): { readonly configuration: object; readonly sources: Readonly<Record<string, string>> } {
    const configuration: Record<string, unknown> = {}
    for (const option of OPTIONS) {
      const value = this.given.get(option.name)?.value ?? option.default ?? this.derived[option.name]
      if (value !== undefined) put(configuration, option.name, option.secret === true ? MASK : value)
    }
    const sources = [...this.given.values()].map(({ option, source }) => [option.name, source])
    return { configuration, sources: Object.fromEntries(sources) }
  }

  /** Options whose defaults go by other options. */
  private get derived(): Readonly<Record<string, unknown>> {
    return { commitInterval: this.compiled.commitIntervalMs }
  }

  /** Checks what goes by several options at once. */
  private checkTogether(): void {
    try {
      void this.compiled
    } catch (error) {
      const given = error instanceof ConfigError ? this.given.get(error.option) : undefined
      const where = given === undefined ? '' : `${given.source}: `
      throw new UsageError(`${where}${(error as Error).message}`, { cause: error })
    }
  }
}

function problemsOf({ option, value, source }: GivenOption): string[] {
  try {
    option.check(option.name, value)
    return []
  } catch (error) {
    // What was written is no secret's to be shown.
    const problem =
      option.secret === true ? `option ${option.name}: ${option.allowed}` : (error as Error).message
    return [`${source}: ${problem}`]
  }
}

const REQUIRED = ['applicationId', 'brokers']

function requiredProblems(given: ReadonlyMap<string, GivenOption>, required: readonly string[]): string[] {
  return SPELLINGS.filter(({ name }) => required.includes(name) && !given.has(name)).map(
    ({ name, flag, variable, option }) =>
      `option ${name} is missing (${option.allowed}): give --${flag}, ${variable}, or ${name} in the configuration file`,
  )
}

const warningsOf = (environment: ConfigurationSources['environment']): string[] =>
  unknownVariables(environment).map(
    ({ variable, meant }) => `${variable} is no option${meant === undefined ? '' : `; is ${meant} meant?`}`,
  )

/** Puts a value where the dots of its name say. */
function put(object: Record<string, unknown>, name: string, value: unknown): void {
  const path = name.split('.')
  const last = path.pop()!
  let target = object
  for (const key of path) {
    target[key] ??= {}
    target = target[key] as Record<string, unknown>
  }
  target[last] = value
}
