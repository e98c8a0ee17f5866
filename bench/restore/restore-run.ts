import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commitOffsets } from '../../src/kafka/group/committed-offsets.js'
import type { BenchCluster } from '../bench-cluster.js'
import { cpuSeconds, peakRssMb } from '../process-account.js'
import { type RunnerCommand, RunnerProcess } from '../runner-process.js'
import { PARTITIONS } from '../workloads.js'
import { fillChangelog } from './changelog.js'

/** What is asked of a runner that restores. */
export interface RestoreArguments {
  readonly brokers: string
  readonly inputTopic: string
  readonly applicationId: string
  readonly stateDir: string
  /** Changelog records in all. */
  readonly records: number
  readonly store: string
}

/** What one restore gave. */
export interface RestoreMeasurement {
  /** From the first record asked for to the last one in the store. */
  readonly recordsPerSecond: number
  /** CPU of the process from its start, runtime and warming-up included. */
  readonly cpuSeconds: number
  readonly peakRssMb: number
}

const STORE = 'counts'
const NO_MEMBER = { generationId: -1, memberId: '', groupInstanceId: undefined }
let runsStarted = 0

/** Restores a changelog that was filled for this run, with an application of its own and no local state. */
export async function measureRestore(
  cluster: BenchCluster,
  command: RunnerCommand,
  inputTopic: string,
  records: number,
  signal: AbortSignal,
): Promise<RestoreMeasurement> {
  const applicationId = `bench-restore-${++runsStarted}`
  const stateDir = await mkdtemp(join(tmpdir(), `millrace-${applicationId}-`))
  const changelog = `${applicationId}-${STORE}-changelog`
  try {
    await cluster.createTopic(changelog, { 'cleanup.policy': 'compact' })
    await fillChangelog(cluster.transport, changelog, records, signal)
    // State without committed offsets would be refused.
    const offsets = Array.from({ length: PARTITIONS }, (_, partition) => ({
      topic: inputTopic,
      partition,
      offset: 0,
      metadata: '',
    }))
    await commitOffsets(cluster.transport, { ...NO_MEMBER, groupId: applicationId }, offsets)
    const brokers = cluster.brokers.join(',')
    const argument: RestoreArguments = {
      brokers,
      inputTopic,
      applicationId,
      stateDir,
      records,
      store: STORE,
    }
    return await restored(command, argument, signal)
  } finally {
    await cluster.deleteTopicsOf(applicationId)
    await rm(stateDir, { recursive: true, force: true })
  }
}

async function restored(
  command: RunnerCommand,
  argument: RestoreArguments,
  signal: AbortSignal,
): Promise<RestoreMeasurement> {
  await using runner = new RunnerProcess(command, argument, signal)
  const end = await runner.milestone('restored')
  const begin = await runner.milestone('restoring')
  if (end.processed !== argument.records) {
    throw new Error(`${end.processed} records restored, ${argument.records} are in the changelog`)
  }
  const measurement = {
    recordsPerSecond: (argument.records / (end.atMs - begin.atMs)) * 1000,
    cpuSeconds: cpuSeconds(end.stat),
    peakRssMb: await peakRssMb(runner.pid),
  }
  await runner.milestone('closed')
  return measurement
}
