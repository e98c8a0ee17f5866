import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kafkaDistribution } from '../../src/testing/kafka-broker/kafka-distribution.js'
import { packageRoot } from '../../src/testing/kafka-broker/package-file.js'
import { APPLICATION, CHANGELOG, INPUT, OUTPUT } from './chaos-topology.js'
import type { LocalStore } from './local-stores.js'

/** What the verifier found. It shares no code with the engine: see java/ChaosVerifier.java. */
export interface Verdict {
  readonly recordsIn: number
  readonly recordsVerified: number
  readonly lost: number
  readonly duplicated: number
  readonly reordered: number
  /** Running totals that are not the one before plus the event. */
  readonly wrongTotals: number
  readonly openTransactions: number
  readonly storesEqual: boolean
  /** The first differences, in words. */
  readonly differences: readonly string[]
}

/** Has the Java client read everything and compare it, also with the stores that the workers have left. */
export async function verify(
  brokers: readonly string[],
  stores: readonly LocalStore[],
  directory: string,
): Promise<Verdict> {
  const storesFile = join(directory, 'local-stores.json')
  await writeFile(storesFile, JSON.stringify(stores))
  const { java, classPath } = await kafkaDistribution()
  const program = join(packageRoot(), 'test', 'chaos', 'java', 'ChaosVerifier.java')
  const argument = {
    brokers: brokers.join(),
    group: APPLICATION,
    input: INPUT,
    output: OUTPUT,
    changelog: CHANGELOG,
    storesFile,
  }
  const child = spawn(java, ['-Xmx1g', '-cp', classPath, program, JSON.stringify(argument)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let verdict = ''
  let complaints = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    verdict += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the verifier ended with ${code}:\n${complaints}`)
  return JSON.parse(verdict.trim().split('\n').at(-1)!) as Verdict
}
