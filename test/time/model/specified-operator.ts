import type { Result } from './plan.js'

/** What an operator does that decides by event time or the wall clock, of the records of one task. */
export interface SpecifiedOperator {
  /**
   * A record comes.
   *
   * @param topic the repartition topic that it comes from
   * @param now event time: all that is earlier has come
   */
  take(topic: string, key: string, value: string, timestamp: number, now: number): void
  /** Event time has come to `now`. */
  advance(now: number): void
  /** The wall clock has come to `clock`. */
  pass(clock: number): void
  /** Takes what has come out since the last call. */
  takeResults(): readonly Result[]
  /** How many records were late, of each window once. */
  readonly late: number
}

/** Rows that come out of an operator, and what it counts. */
export abstract class Specified implements SpecifiedOperator {
  private readonly results: Result[] = []
  late = 0
  protected clock = 0

  abstract take(topic: string, key: string, value: string, timestamp: number, now: number): void
  abstract advance(now: number): void

  pass(clock: number): void {
    this.clock = clock
  }

  /** Takes the rows that come out. */
  emit = (key: string, value: string | null, timestamp: number): void => {
    this.results.push(`out: ${key} ${value} @${timestamp}`)
  }

  takeResults(): readonly Result[] {
    return this.results.splice(0)
  }

  protected emitLate(key: string, value: string, timestamp: number): void {
    this.results.push(`late: ${key} ${value} @${timestamp}`)
  }
}
