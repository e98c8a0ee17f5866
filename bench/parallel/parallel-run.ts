import { join } from 'node:path'
import { type BenchApplication, withApplication } from '../bench-application.js'
import type { BenchCluster } from '../bench-cluster.js'
import { CommitWatch } from '../commit-watch.js'
import { inputTopicOf } from '../input-topic.js'
import { millraceCommand } from '../millrace-command.js'
import { readOutput } from '../output-topic.js'
import { cpuSeconds, peakRssMb, readStat } from '../process-account.js'
import { RunnerProcess } from '../runner-process.js'
import type { Workload } from '../workloads.js'

export const PARALLEL_PARTITIONS = 8

/** How the tasks are spread. */
export interface Spread {
  readonly processes: number
  /** Of each process. */
  readonly threads: number
}

/** What is asked of a runner: one JSON object. */
export interface ParallelArguments extends BenchApplication {
  readonly workload: Workload
  readonly brokers: string
  readonly inputTopic: string
  readonly threads: number
}

/** What a run gave, all its processes together. */
export interface ParallelMeasurement {
  readonly recordsPerSecond: number
  /** From each process's first record to the commit of the last one. */
  readonly cpuSecondsPerMillion: number
  /** Of the second half: without what each thread takes to compile the code that it runs. */
  readonly steadyCpuSecondsPerMillion: number
  readonly peakRssMb: number
  readonly outputRecords: number
}

export interface ParallelSetting {
  readonly cluster: BenchCluster
  readonly records: number
  readonly signal: AbortSignal
}

/** Drains the input with a workload spread over threads or processes. */
export function measureParallel(
  setting: ParallelSetting,
  workload: Workload,
  spread: Spread,
): Promise<ParallelMeasurement> {
  const { cluster, signal } = setting
  const inputTopic = inputTopicOf(workload)
  const work = async (application: BenchApplication): Promise<ParallelMeasurement> => {
    const processes = Array.from({ length: spread.processes }, (_, index) => {
      const argument: ParallelArguments = {
        ...application,
        stateDir: join(application.stateDir, String(index)),
        workload,
        brokers: cluster.brokers.join(','),
        inputTopic,
        threads: spread.threads,
      }
      return new RunnerProcess(runnerCommand, argument, signal)
    })
    try {
      const drained = await drain(setting, application.applicationId, inputTopic, processes)
      const output = await readOutput(cluster, application.outputTopic, workload, signal)
      return { ...drained, outputRecords: output.records }
    } finally {
      await Promise.all(processes.map((process) => process[Symbol.asyncDispose]()))
    }
  }
  return withApplication(cluster, `parallel-${workload}`, work, PARALLEL_PARTITIONS)
}

const runnerCommand = millraceCommand('parallel-main.js')

async function drain(
  { cluster, records, signal }: ParallelSetting,
  applicationId: string,
  inputTopic: string,
  processes: readonly RunnerProcess[],
): Promise<Omit<ParallelMeasurement, 'outputRecords'>> {
  const committed = (): Promise<number> => cluster.committedRecords(applicationId, [inputTopic])
  const reached = async (count: number): Promise<number> => {
    const ended = new AbortController()
    const watch = new CommitWatch(committed, count)
    try {
      const finished = watch.finished(AbortSignal.any([signal, ended.signal]))
      return await Promise.race(processes.map((process) => process.orFailure(finished)))
    } finally {
      ended.abort()
    }
  }
  const cpuSince = async (since: number): Promise<number> => {
    const stats = await Promise.all(processes.map(({ pid }) => readStat(pid)))
    return stats.reduce((sum, stat) => sum + cpuSeconds(stat), -since)
  }
  const firsts = await Promise.all(processes.map((process) => process.milestone('first')))
  const cpuAtFirst = firsts.reduce((sum, { stat }) => sum + cpuSeconds(stat), 0)
  await reached(records / 2)
  const [cpuOfFirstHalf, half] = await Promise.all([cpuSince(cpuAtFirst), committed()])
  const finishedAt = await reached(records)
  const cpu = await cpuSince(cpuAtFirst)
  const peaks = await Promise.all(processes.map(({ pid }) => peakRssMb(pid)))
  return {
    recordsPerSecond: (records / (finishedAt - Math.min(...firsts.map(({ atMs }) => atMs)))) * 1000,
    cpuSecondsPerMillion: (cpu / records) * 1e6,
    steadyCpuSecondsPerMillion: ((cpu - cpuOfFirstHalf) / (records - half)) * 1e6,
    peakRssMb: peaks.reduce((sum, peak) => sum + peak, 0),
  }
}
