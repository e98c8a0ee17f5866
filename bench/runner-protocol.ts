import type { Guarantee, Workload } from './workloads.js'

/** What the harness asks of a runner: one JSON object, the runner's only argument. */
export interface RunnerArguments {
  readonly workload: Workload
  readonly guarantee: Guarantee
  readonly brokers: string
  readonly inputTopic: string
  readonly outputTopic: string
  readonly applicationId: string
  readonly stateDir: string
  /** Of all topics that it reads. */
  readonly records: number
  /** Size of the record cache; null: the default. */
  readonly cacheMaxBytes: number | null
  /** Milliseconds between commits; null: the default. */
  readonly commitIntervalMs: number | null
  /** How far watermarks stay behind the records, milliseconds; absent or null: event time does not come from watermarks. */
  readonly disorderMs?: number | null
}

/**
 * What a runner tells, a line of JSON each: `first` when the value of the first record is read, `half` and
 * `processed` when so many records are processed, `restoring` and `restored` when a restore begins and ends, `stalled` when a stall has stopped intake, `closed`
 * when the application has closed.
 */
export interface RunnerMilestone {
  readonly event: 'first' | 'half' | 'processed' | 'stalled' | 'restoring' | 'restored' | 'closed'
  /** Wall clock, epoch milliseconds. */
  readonly atMs: number
  /** The runner's `/proc/self/stat` at that moment. */
  readonly stat: string
  readonly processed: number
  /** With `processed`, of runners in Node: how late 99 in 100 timers of the processing thread are at most, milliseconds. */
  readonly loopDelayP99Ms?: number
}

export interface RunnerFailure {
  readonly event: 'failed'
  readonly message: string
}

export type RunnerEvent = RunnerMilestone | RunnerFailure
