import { join } from 'node:path'
import { CommandError, runCommand } from './run-command.js'

const MINIMUM_JAVA = 17
const OTHERWISE =
  'or run `docker compose up` and set KAFKA_BROKERS=127.0.0.1:9092 to use the broker in the container.'

/** Something is missing on this machine that a broker needs. The message says what to do. */
export class BrokerPrerequisiteError extends Error {
  override readonly name = 'BrokerPrerequisiteError'
}

/** The Java command: of JAVA_HOME where set, else the one on the PATH. */
const javaCommand = (): string =>
  process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'

/** The major version in the output of `java -version`; undefined where there is none. */
export const javaMajorVersion = (output: string): number | undefined => {
  const match = /version "(?:1\.)?(\d+)/.exec(output)
  return match ? Number(match[1]) : undefined
}

/** The Java command, once its version has been checked. Throws {@link BrokerPrerequisiteError}. */
export const requireJava = async (): Promise<string> => {
  const command = javaCommand()
  const output = await runCommand(command, ['-version']).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error
    throw new BrokerPrerequisiteError(
      `A local Kafka broker needs Java, which was not found (${command}): install Java ${MINIMUM_JAVA} or later and Maven, ${OTHERWISE}`,
      { cause: error },
    )
  })
  const version = javaMajorVersion(output)
  if (version === undefined || version < MINIMUM_JAVA) {
    throw new BrokerPrerequisiteError(
      `A local Kafka broker needs Java ${MINIMUM_JAVA} or later, but ${command} is ${version ?? 'of an unknown version'}: install a newer one or set JAVA_HOME, ${OTHERWISE}`,
    )
  }
  return command
}

/** Runs Maven. Throws {@link BrokerPrerequisiteError} where there is none. */
export const runMaven = async (args: readonly string[]): Promise<void> => {
  try {
    await runCommand('mvn', args)
  } catch (error) {
    if (!(error instanceof CommandError && error.missing)) throw error
    throw new BrokerPrerequisiteError(
      `A local Kafka broker needs Maven once, to fetch Kafka's jars, and mvn was not found: install Maven, ${OTHERWISE}`,
      { cause: error },
    )
  }
}
