import { readdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { kafkaDistribution } from '../../src/testing/kafka-broker/kafka-distribution.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'
import { runCommand } from '../../src/testing/local-server/run-command.js'
import { APPLICATION } from './application.js'
import type { LocalStore } from './local-stores.js'
import type { Workload } from './workload.js'

/** What the verifier found. It shares no code with the engine: see java/ChaosVerifier.java. */
export interface Verdict {
  readonly recordsIn: number
  readonly recordsVerified: number
  readonly lost: number
  readonly duplicated: number
  readonly reordered: number
  /** Results that the input does not come to. */
  readonly wrongResults: number
  readonly openTransactions: number
  readonly storesEqual: boolean
  /** The first differences, in words. */
  readonly differences: readonly string[]
}

/** Has the Java client read everything and compare it, also with the stores that the workers have left. */
export async function verify(
  workload: Workload,
  brokers: readonly string[],
  stores: readonly LocalStore[],
  directory: string,
): Promise<Verdict> {
  const storesFile = join(directory, 'local-stores.json')
  await writeFile(storesFile, JSON.stringify(stores))
  const { java, classPath } = await kafkaDistribution()
  const classes = await compileVerifiers(java, classPath, directory)
  const argument = JSON.stringify({ brokers: brokers.join(), group: APPLICATION, storesFile })
  const path = [classPath, classes].join(delimiter)
  const output = await runCommand(java, ['-Xmx1g', '-cp', path, workload.verifier, argument])
  // What else is there has come from the client's log.
  return JSON.parse(output.split('\n').findLast((line) => line.startsWith('{'))!) as Verdict
}

/** Gives the directory of the classes. The launcher resolves the class path for the compiler. */
async function compileVerifiers(java: string, classPath: string, directory: string): Promise<string> {
  const sources = join(packageRoot(), 'test', 'chaos', 'java')
  const files = (await readdir(sources)).filter((file) => file.endsWith('.java'))
  const classes = join(directory, 'verifiers')
  const compiler = ['-cp', classPath, '-m', 'jdk.compiler/com.sun.tools.javac.Main', '-nowarn', '-d', classes]
  await runCommand(java, [...compiler, ...files.map((file) => join(sources, file))])
  return classes
}
