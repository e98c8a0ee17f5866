import { type Duration, InvalidDurationError, parseDuration } from '../time/duration.js'
import type { TimeWindows } from './time-windows.js'

/**
 * Windows of one size that begin at a fixed step, aligned to the epoch: where the step is shorter than the size they
 * overlap, and a record is in each of them that it falls into (Kafka Streams' `TimeWindows` with `advanceBy`).
 *
 * Flink and many texts call these sliding windows. {@link SlidingWindows} are something else: they begin and end at
 * the records themselves.
 *
 * Immutable.
 *
 * @example
 * ```ts
 * // Every minute, the flights of the last five.
 * flights.groupByKey().windowedBy(HoppingWindows.of('5m').advanceBy('1m')).count({ store: 'recent-flights' })
 * ```
 */
export class HoppingWindows implements TimeWindows {
  private constructor(
    readonly size: number,
    readonly advance: number,
    readonly graceMs: number,
  ) {}

  /**
   * Windows of a size, without grace, one after the other until `advanceBy` says at which step they begin.
   *
   * @throws {InvalidDurationError} if the size is not at least a millisecond.
   */
  static of(size: Duration): HoppingWindows {
    const millis = parseDuration('HoppingWindows.of', size, { min: 1 })
    return new HoppingWindows(millis, millis, 0)
  }

  /**
   * The same windows, beginning at every multiple of `advance`.
   *
   * @throws {InvalidDurationError} if it is not at least a millisecond and at most the size: records would fall
   * between the windows.
   */
  advanceBy(advance: Duration): HoppingWindows {
    const millis = parseDuration('HoppingWindows.advanceBy', advance, { min: 1 })
    if (millis > this.size) {
      throw new InvalidDurationError(
        `HoppingWindows.advanceBy: ${millis} ms is more than the windows' size of ${this.size} ms, and records ` +
          'between two windows would be in none: advance by the size at most',
      )
    }
    return new HoppingWindows(this.size, millis, this.graceMs)
  }

  /**
   * The same windows, which take records until event time is `grace` past their end.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   */
  grace(grace: Duration): HoppingWindows {
    return new HoppingWindows(this.size, this.advance, parseDuration('HoppingWindows.grace', grace))
  }

  /** Start of the first window that a timestamp is in; none begins before the epoch. */
  firstStart(timestamp: number): number {
    const earliest = Math.max(0, timestamp - this.size + this.advance)
    return earliest - (earliest % this.advance)
  }

  /** How long a store keeps a window at least: until no record can change it any more. */
  get retention(): number {
    return this.size + this.graceMs
  }
}
