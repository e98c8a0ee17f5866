import type { BenchCluster } from './bench-cluster.js'
import { CommitWatch } from './commit-watch.js'
import { topicsRead } from './input-topic.js'
import { cpuSeconds, peakRssMb, readStat } from './process-account.js'
import { type RunnerCommand, RunnerProcess } from './runner-process.js'
import type { RunnerArguments } from './runner-protocol.js'

/** What one run gave. */
export interface RunMeasurement {
  readonly recordsPerSecond: number
  /** Of the second half: from the moment half of the records are processed. */
  readonly steadyRecordsPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly brokerCpuSecondsPerMillion: number
  readonly maxRssMb: number
  readonly commitIntervalP50Ms: number | null
  /** How late 99 in 100 timers of the processing thread are at most; null where that is not a JavaScript thread. */
  readonly loopDelayP99Ms: number | null
}

/**
 * Runs one workload on one side. Clock and CPU go from the first record processed, which the runner reports, to the
 * moment the group's committed offsets have reached the end of all that it reads, which the harness sees at the broker.
 */
export async function measureRun(
  cluster: BenchCluster,
  brokerPid: number,
  command: RunnerCommand,
  argument: RunnerArguments,
  signal: AbortSignal,
): Promise<RunMeasurement> {
  const { applicationId, records } = argument
  const topics = topicsRead(argument.workload, argument.inputTopic)
  const watch = new CommitWatch(() => cluster.committedRecords(applicationId, topics), records)
  const ended = new AbortController()
  await using runner = new RunnerProcess(command, argument, signal)
  try {
    const first = await runner.milestone('first')
    const brokerCpuBefore = cpuSeconds(await readStat(brokerPid))
    const finishedAt = await runner.orFailure(watch.finished(AbortSignal.any([signal, ended.signal])))
    const [stat, brokerStat] = await Promise.all([readStat(runner.pid), readStat(brokerPid)])
    const half = await runner.milestone('half')
    const { loopDelayP99Ms = null } = await runner.milestone('processed')
    const millions = records / 1_000_000
    const measurement = {
      recordsPerSecond: (records / (finishedAt - first.atMs)) * 1000,
      steadyRecordsPerSecond: ((records - half.processed) / (finishedAt - half.atMs)) * 1000,
      cpuSecondsPerMillion: (cpuSeconds(stat) - cpuSeconds(first.stat)) / millions,
      brokerCpuSecondsPerMillion: (cpuSeconds(brokerStat) - brokerCpuBefore) / millions,
      maxRssMb: await peakRssMb(runner.pid),
      commitIntervalP50Ms: watch.commitIntervalP50Ms,
      loopDelayP99Ms,
    }
    await runner.milestone('closed')
    return measurement
  } finally {
    ended.abort()
  }
}
