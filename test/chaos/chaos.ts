import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { allCommitted } from '../support/processed-all.js'
import { TopicClient } from '../support/topic-client.js'
import { until } from '../support/until.js'
import { ChaosCluster } from './chaos-cluster.js'
import { APPLICATION, CHANGELOG, INPUT, OUTPUT, PARTITIONS } from './chaos-topology.js'
import { verify } from './chaos-verifier.js'
import { EventPublisher } from './event-publisher.js'
import { FaultSchedule } from './fault-schedule.js'
import { localStoresOf } from './local-stores.js'
import type { ChaosOptions } from './options.js'
import { type ChaosReport, reportOf } from './report.js'
import { SeededRandom } from './seeded-random.js'
import { OFFERED_PER_SECOND, STAYING } from './settings.js'

const REPARTITION = `${APPLICATION}-by-group-repartition`

/** Tells how far the run is. */
export type Progress = (line: string) => void

/**
 * Lets an application run on a real broker under load while everything around it breaks, then has an independent
 * verifier judge what came out. What the run has left is kept where the verdict is bad.
 */
export async function chaos(options: ChaosOptions, progress: Progress): Promise<ChaosReport> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-chaos-'))
  const begun = performance.now()
  const say: Progress = (line) =>
    progress(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  say(`seed ${options.seed}, ${options.guarantee}, ${options.minutes} min`)
  try {
    const report = await run(options, directory, say)
    if (report.failures.length === 0) await rm(directory, { recursive: true, force: true })
    else say(`what the run has left is in ${directory}`)
    return report
  } catch (error) {
    say(`what the run has left is in ${directory}`)
    throw error
  }
}

async function run(options: ChaosOptions, directory: string, say: Progress): Promise<ChaosReport> {
  const { seed, minutes, guarantee } = options
  await using cluster = await ChaosCluster.start(directory, guarantee)
  await using client = new TopicClient(cluster.brokers)
  for (const topic of [INPUT, OUTPUT]) await client.create(topic, PARTITIONS)
  const publisher = new EventPublisher(client.transport, OFFERED_PER_SECOND, new SeededRandom(seed ^ 1))
  for (const name of STAYING) cluster.startWorker(name)
  await cluster.untilRunning(...STAYING)
  await until('there is something to restore in every partition', () => isRestorable(client))
  cluster.changelogId = Buffer.from(await client.transport.topicIdOf(CHANGELOG), 'hex')
  say('the workers run')

  const schedule = new FaultSchedule(cluster, guarantee, new SeededRandom(seed), say)
  await schedule.run(minutes)
  await publisher.stop()
  say(`${publisher.published} events are published; waiting for the end of their processing`)
  for (const topic of [INPUT, REPARTITION]) {
    await until(`${topic} is committed`, () => allCommitted(client, APPLICATION, [topic]))
  }
  const stores = await stopWorkers(cluster)
  say('the workers have ended; verifying')
  const verdict = await verify(cluster.brokers, stores, directory)
  const corrupt = cluster.warningsOf('STATE_CORRUPT')
  return reportOf(options, schedule.log, { published: publisher.published, corrupt }, verdict)
}

/**
 * Whether the broker has a second's worth of committed records for each store: what workers have processed is not yet
 * in a changelog, and faults that wait for a restore need one that takes some time.
 */
async function isRestorable(client: TopicClient): Promise<boolean> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: CHANGELOG, partition }))
  const stable = await listOffsets(client.transport, partitions, 'latest', 'read_committed')
  return [...stable.values()].every((offset) => offset > OFFERED_PER_SECOND / PARTITIONS)
}

/** Ends the workers in order, and reads the stores that they leave, and that one has left that went before. */
async function stopWorkers(cluster: ChaosCluster) {
  await Promise.all(STAYING.map((name) => cluster.worker(name).stop()))
  const names = cluster.workerNames
  const stores = await Promise.all(names.map((name) => localStoresOf(name, cluster.stateDirOf(name))))
  return stores.flat()
}
