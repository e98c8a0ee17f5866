import type { TaskInput } from './task-input.js'

/** What the order of records asks of an input. */
export type OrderedInput = Pick<TaskInput, 'advance' | 'headTimestamp' | 'lag'> &
  Partial<Pick<TaskInput, 'held'>>

/**
 * The order in which a task takes the records of its inputs: the one with the lowest timestamp first, as in Kafka
 * Streams. That is known only where every input has a record in hand. An input without one is waited for as long as the
 * broker is known to have some, or nothing is known of it; where it has none, for `maxIdleMs` (max.task.idle.ms).
 *
 * What is fetched does not change between `begin` and the end of a slice of processing.
 */
export class InputOrder<I extends OrderedInput> {
  /** Inputs with a record in hand. */
  private readonly ready: I[] = []
  /** By input: since when it has none and the broker has none either, as `now`; undefined: that is not so. */
  private readonly idleSince: (number | undefined)[]
  private waits = false

  /**
   * @param maxIdleMs infinite is allowed; undefined: inputs are never waited for
   * @param now a monotonic clock, milliseconds
   */
  constructor(
    private readonly inputs: readonly I[],
    private readonly maxIdleMs: number | undefined,
    private readonly now: () => number,
  ) {
    this.idleSince = inputs.map(() => undefined)
  }

  /** Takes note of what is fetched, before a slice of processing. */
  begin(): void {
    this.ready.length = 0
    for (const input of this.inputs) if (this.stands(input)) this.ready.push(input)
    this.decide()
  }

  /** The input whose record is to be processed next; undefined: none, before more is fetched or time has passed. */
  next(): I | undefined {
    if (this.waits) return undefined
    const { ready } = this
    let earliest = ready[0]
    for (let at = 1; at < ready.length; at++) {
      const input = ready[at]!
      if (input.headTimestamp! < earliest!.headTimestamp!) earliest = input
    }
    return earliest
  }

  /** Whether an input has a record in hand whose place in the order is known. */
  private stands(input: I): boolean {
    return input.advance() && input.headTimestamp !== undefined
  }

  /** Goes on behind the record of an input, which was processed or cannot be yet. */
  processed(input: I): void {
    if (this.stands(input)) return
    this.ready.splice(this.ready.indexOf(input), 1)
    this.decide()
  }

  /** Milliseconds until an input is not waited for any longer; infinite: nothing waits, or not for time to pass. */
  get timeToGiveUp(): number {
    if (this.maxIdleMs === undefined || this.ready.length === 0) return Number.POSITIVE_INFINITY
    const now = this.now()
    let time = 0
    for (const since of this.idleSince) {
      if (since !== undefined) time = Math.max(time, since + this.maxIdleMs - now)
    }
    return this.waits && time > 0 ? time : Number.POSITIVE_INFINITY
  }

  private decide(): void {
    this.waits = false
    const { maxIdleMs } = this
    if (maxIdleMs === undefined) return
    for (const [index, input] of this.inputs.entries()) {
      const isReady = this.ready.includes(input)
      const isIdle = !isReady && input.lag === 0
      if (!isIdle) this.idleSince[index] = undefined
      // The others are to come up with it.
      if (input.held === true) continue
      if (!isReady && (!isIdle || this.isWaitedFor(index, maxIdleMs))) this.waits = true
    }
  }

  /** Whether to wait for an input that the broker has nothing for. */
  private isWaitedFor(index: number, maxIdleMs: number): boolean {
    if (maxIdleMs === 0) return false
    const now = this.now()
    const since = this.idleSince[index] ?? now
    this.idleSince[index] = since
    return now - since < maxIdleMs
  }
}
