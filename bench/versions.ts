import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KAFKA_VERSION } from '../src/testing/kafka-broker/kafka-distribution.js'
import { runCommand } from '../src/testing/local-server/run-command.js'

/** What was measured, by name. */
export async function versions(projectRoot: string, java: string): Promise<Record<string, string>> {
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
  const pom = await readFile(join(projectRoot, 'bench', 'peers', 'kafka-streams', 'pom.xml'), 'utf8')
  return {
    millrace: version,
    'kafka-streams': found(
      /<kafka\.version>(.+)<\/kafka\.version>/,
      pom,
      'the pom of the Kafka Streams runner',
    ),
    kafka: KAFKA_VERSION,
    node: process.versions.node,
    java: found(/version "(.+?)"/, await runCommand(java, ['-version']), `${java} -version`),
  }
}

function found(pattern: RegExp, text: string, where: string): string {
  const match = pattern.exec(text)
  if (match === null) throw new Error(`no version in ${where}`)
  return match[1]!
}
