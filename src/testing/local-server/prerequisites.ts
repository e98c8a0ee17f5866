import { join } from 'node:path'
import { CommandError, runCommand } from './run-command.js'

const MINIMUM_JAVA = 17

/** What is to run on this machine, as messages name it. */
export interface JavaServer {
  /** For example `A local Kafka broker`. */
  readonly name: string
  /** What Maven fetches for it. */
  readonly files: string
  /** How to do without it; goes on a sentence. */
  readonly otherwise: string
}

const KAFKA_BROKER: JavaServer = {
  name: 'A local Kafka broker',
  files: "Kafka's jars",
  otherwise:
    'or run `docker compose up` and set KAFKA_BROKERS=127.0.0.1:9092 to use the broker in the container.',
}

/** Something is missing on this machine that a server needs. The message says what to do. */
export class PrerequisiteError extends Error {
  override readonly name = 'PrerequisiteError'
}

/** The Java command: of JAVA_HOME where set, else the one on the PATH. */
const javaCommand = (): string =>
  process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'

/** The major version in the output of `java -version`; undefined where there is none. */
export const javaMajorVersion = (output: string): number | undefined => {
  const match = /version "(?:1\.)?(\d+)/.exec(output)
  return match ? Number(match[1]) : undefined
}

/** The Java command, once its version has been checked. Throws {@link PrerequisiteError}. */
export const requireJava = async ({ name, otherwise } = KAFKA_BROKER): Promise<string> => {
  const command = javaCommand()
  const output = await runCommand(command, ['-version']).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error
    throw new PrerequisiteError(
      `${name} needs Java, which was not found (${command}): install Java ${MINIMUM_JAVA} or later and Maven, ${otherwise}`,
      { cause: error },
    )
  })
  const version = javaMajorVersion(output)
  if (version === undefined || version < MINIMUM_JAVA) {
    throw new PrerequisiteError(
      `${name} needs Java ${MINIMUM_JAVA} or later, but ${command} is ${version ?? 'of an unknown version'}: install a newer one or set JAVA_HOME, ${otherwise}`,
    )
  }
  return command
}

/** Runs Maven. Throws {@link PrerequisiteError} where there is none. */
export const runMaven = async (
  args: readonly string[],
  { name, files, otherwise } = KAFKA_BROKER,
): Promise<void> => {
  try {
    await runCommand('mvn', args)
  } catch (error) {
    if (!(error instanceof CommandError && error.missing)) throw error
    throw new PrerequisiteError(
      `${name} needs Maven once, to fetch ${files}, and mvn was not found: install Maven, ${otherwise}`,
      { cause: error },
    )
  }
}
