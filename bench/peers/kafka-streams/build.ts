import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireJava, runMaven } from '../../../src/testing/kafka-broker/prerequisites.js'
import type { RunnerCommand } from '../../runner-process.js'

const PACKAGE = 'millrace.bench'
/** Warnings only: what is logged goes into the message of a failure. */
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
const PROJECT = join('bench', 'peers', 'kafka-streams')

/** Builds the Java runners where their sources have changed, and tells how to start one. */
export async function kafkaStreamsRunner(
  projectRoot: string,
  mainClass: 'Runner' | 'RestoreRunner',
): Promise<RunnerCommand> {
  const directory = join(projectRoot, PROJECT)
  const target = join(directory, 'target')
  const stamp = join(target, 'sources.sha256')
  const sources = await digestOfSources(directory)
  if ((await textOf(stamp)) !== sources) {
    await runMaven(['--quiet', '--batch-mode', '--file', join(directory, 'pom.xml'), 'package'])
    await writeFile(stamp, sources)
  }
  const classPath = `${join(target, 'classes')}:${join(target, 'lib', '*')}`
  return { command: await requireJava(), arguments: [QUIET, '-cp', classPath, `${PACKAGE}.${mainClass}`] }
}

async function digestOfSources(directory: string): Promise<string> {
  const files = await readdir(join(directory, 'src'), { recursive: true, withFileTypes: true })
  const sources = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  const hash = createHash('sha256')
  for (const file of [join(directory, 'pom.xml'), ...sources.sort()]) hash.update(await readFile(file))
  return hash.digest('hex')
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
