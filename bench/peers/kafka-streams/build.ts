import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOnce } from '../../../src/testing/local-server/build-once.js'
import { requireJava, runMaven } from '../../../src/testing/local-server/prerequisites.js'
import type { RunnerCommand } from '../../runner-process.js'

const PACKAGE = 'millrace.bench'
/** Warnings only: what is logged goes into the message of a failure. */
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
const PROJECT = join('bench', 'peers', 'kafka-streams')

/** Builds the Java runners, once for each state of their sources, and tells how to start one. */
export async function kafkaStreamsRunner(
  projectRoot: string,
  mainClass: 'Runner' | 'RestoreRunner',
): Promise<RunnerCommand> {
  const directory = join(projectRoot, PROJECT)
  const built = join(directory, 'target', await digestOfSources(directory))
  await buildOnce(built, (building) =>
    runMaven(['-q', '-B', '-f', join(directory, 'pom.xml'), `-DbuildDirectory=${building}`, 'package']),
  )
  const classPath = `${join(built, 'classes')}:${join(built, 'lib', '*')}`
  return { command: await requireJava(), arguments: [QUIET, '-cp', classPath, `${PACKAGE}.${mainClass}`] }
}

async function digestOfSources(directory: string): Promise<string> {
  const files = await readdir(join(directory, 'src'), { recursive: true, withFileTypes: true })
  const sources = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  const hash = createHash('sha256')
  for (const file of [join(directory, 'pom.xml'), ...sources.sort()]) hash.update(await readFile(file))
  return hash.digest('hex')
}
