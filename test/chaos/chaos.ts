import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputCompletion } from '../../src/demo/input-completion.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { endsOf, uncommitted } from '../support/processed-all.js'
import { TopicClient } from '../support/topic-client.js'
import { until } from '../support/until.js'
import { APPLICATION, PARTITIONS } from './application.js'
import { ChaosCluster } from './chaos-cluster.js'
import { verify } from './chaos-verifier.js'
import { EventPublisher } from './event-publisher.js'
import { FaultSchedule } from './fault-schedule.js'
import { localStoresOf } from './local-stores.js'
import type { ChaosOptions } from './options.js'
import { type ChaosReport, reportOf } from './report.js'
import { SeededRandom } from './seeded-random.js'
import { STAYING } from './settings.js'
import { changelogsOf, repartitionsOf, type Workload } from './workload.js'
import { WORKLOADS } from './workloads.js'

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
  say(`${options.topology}, seed ${options.seed}, ${options.guarantee}, ${options.minutes} min`)
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
  const { topology, seed, minutes, guarantee } = options
  const workload = WORKLOADS[topology]
  await using cluster = await ChaosCluster.start(directory, options)
  await using client = new TopicClient(cluster.brokers)
  for (const topic of [...workload.inputs, ...workload.outputs]) await client.create(topic, PARTITIONS)
  const events = workload.events(new SeededRandom(seed ^ 1))
  const publisher = new EventPublisher(client.transport, workload.perSecond, events)
  for (const name of STAYING) cluster.startWorker(name)
  await cluster.untilRunning(...STAYING)
  await until('there is something to restore in every partition', () => isRestorable(client, workload))
  const ids = await Promise.all(changelogsOf(workload).map((topic) => client.transport.topicIdOf(topic)))
  cluster.changelogIds = ids.map((id) => Buffer.from(id, 'hex'))
  say('the workers run')

  const schedule = new FaultSchedule(cluster, guarantee, new SeededRandom(seed), say)
  await schedule.run(minutes)
  await publisher.stop()
  say(`${publisher.published} events are published; waiting for the end of their processing`)
  await untilCommitted(client, workload.inputs)
  for (const topic of repartitionsOf(workload)) await untilCommitted(client, [topic])
  const input = { topics: workload.inputs, records: publisher.published }
  const { transport, admin } = client
  const completion = new InputCompletion(transport, admin, workload.topology(), APPLICATION, input)
  for (const name of STAYING) cluster.worker(name).drain()
  await until('event time has ended', () => completion.drained())
  const stores = await stopWorkers(cluster, workload)
  say('the workers have ended; verifying')
  const verdict = await verify(workload, cluster.brokers, stores, directory)
  const corrupt = cluster.warningsOf('STATE_CORRUPT')
  return reportOf(options, schedule.log, { published: publisher.published, corrupt }, verdict)
}

/**
 * Whether the broker has committed records for each store, a second's worth of events in all: what workers have processed
 * is not yet in a changelog, and faults that wait for a restore need one that takes some time.
 */
async function isRestorable(client: TopicClient, workload: Workload): Promise<boolean> {
  const partitions = changelogsOf(workload).flatMap((topic) =>
    Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition })),
  )
  const stable = await listOffsets(client.transport, partitions, 'latest', 'read_committed')
  const ends = [...stable.values()]
  const all = ends.reduce((sum, end) => sum + end, 0)
  return all > workload.perSecond && ends.every((end) => end > 0)
}

/**
 * Waits until all is committed that is in some topics now: there are always new watermarks behind it. On a machine that is
 * busy it may take long: it is to come on.
 */
async function untilCommitted(client: TopicClient, topics: readonly string[]): Promise<void> {
  const ends = await endsOf(client, topics)
  const look = (): Promise<number> => uncommitted(client, APPLICATION, topics, ends)
  let left = await look()
  const comesOn = async (): Promise<boolean> => {
    const before = left
    left = await look()
    return left < before
  }
  while (left > 0) await until(`of ${topics.join(', ')} more is committed, ${left} records are left`, comesOn)
}

/** Ends the workers in order, and reads the stores that they leave, and that one has left that went before. */
async function stopWorkers(cluster: ChaosCluster, workload: Workload) {
  await Promise.all(STAYING.map((name) => cluster.worker(name).stop()))
  const names = cluster.workerNames
  const stores = await Promise.all(
    names.map((name) => localStoresOf(workload, name, cluster.stateDirOf(name))),
  )
  return stores.flat()
}
