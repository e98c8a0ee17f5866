import { type Duration, parseDuration } from '../time/duration.js'
import type { TimeWindows } from './time-windows.js'

/**
 * Windows of one size, one after the other, aligned to the epoch: a record is in exactly one of them
 * (Kafka Streams' `TimeWindows` without advance). Immutable.
 */
export class TumblingWindows implements TimeWindows {
  private constructor(
    /** Size of a window in milliseconds. */
    readonly size: number,
    /** How long after its end a window takes late records, in milliseconds of event time. */
    readonly graceMs: number,
  ) {}

  /**
   * Windows of a size, without grace: a record is late as soon as event time has reached the end of its window.
   *
   * @throws {InvalidDurationError} if the size is not at least a millisecond.
   */
  static of(size: Duration): TumblingWindows {
    return new TumblingWindows(parseDuration('TumblingWindows.of', size, { min: 1 }), 0)
  }

  /**
   * The same windows, which take records until event time is `grace` past their end.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   */
  grace(grace: Duration): TumblingWindows {
    return new TumblingWindows(this.size, parseDuration('TumblingWindows.grace', grace))
  }

  /** A window begins where the one before it ends. */
  get advance(): number {
    return this.size
  }

  /** Start of the window that a timestamp is in. */
  firstStart(timestamp: number): number {
    return timestamp - (timestamp % this.size)
  }

  /** How long a store keeps a window at least: until no record can change it any more. */
  get retention(): number {
    return this.size + this.graceMs
  }
}
