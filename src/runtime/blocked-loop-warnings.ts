import { StreamsError } from './streams-error.js'
import type { Task } from './task.js'

/** A function of the user kept the event loop for so long that the group may have taken the thread for dead. */
export class BlockedLoopError extends StreamsError {
  override readonly name = 'BlockedLoopError'

  constructor(
    /** Id of the task. */
    readonly task: string,
    readonly blockedMs: number,
    limitMs: number,
    /** Names of the operators that it may have been. */
    readonly operators: readonly string[],
    where: string,
  ) {
    super(
      'BLOCKED_LOOP',
      `task ${task} (operators ${operators.join(', ')}) kept the event loop for ${Math.round(blockedMs)} ms ` +
        `without a pause, up to ${where}: no heartbeat can be sent meanwhile, and past ${limitMs} ms (the less of ` +
        'sessionTimeout and maxPollInterval) its partitions go to other members; make the function faster, or the ' +
        'timeout longer',
    )
  }
}

/** A slice longer than this share of the time that a member may be silent is told of. */
const WARN_AT_SHARE = 0.5

/**
 * Tells of slices of processing that last nearly as long as the group waits for a sign of life. Time for which the
 * process did not run is no fault of the user's functions.
 */
export class BlockedLoopWarnings {
  private readonly limitMs: number
  private ranBefore = 0

  constructor(
    timeouts: { readonly sessionTimeoutMs: number; readonly maxPollIntervalMs: number },
    /** For how long the process has run, in milliseconds, in coarse steps. */
    private readonly runningTime: () => number,
    private readonly warn: (error: Error) => void,
  ) {
    this.limitMs = Math.min(timeouts.sessionTimeoutMs, timeouts.maxPollIntervalMs)
  }

  /** Tasks are about to run, one after the other. */
  begin(): void {
    this.ranBefore = this.runningTime()
  }

  /** A task has run for a slice of time. */
  ran(task: Task, tookMs: number): void {
    const { ranBefore } = this
    this.begin()
    const warnAt = this.limitMs * WARN_AT_SHARE
    if (tookMs < warnAt) return
    const blockedMs = Math.min(tookMs, this.ranBefore - ranBefore)
    if (blockedMs < warnAt) return
    this.warn(new BlockedLoopError(task.id, blockedMs, this.limitMs, task.operators, task.whereabouts))
  }
}
