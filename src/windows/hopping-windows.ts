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
 * // Every half hour, the clicks of the last hour.
 * const counts = clicks.groupByKey().windowedBy(HoppingWindows.of('1h').advanceBy('30m')).count()
 * assert.deepEqual(results(counts), [
 *   'ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 30m-90m: 1', 'ann 1h-2h: 1',
 * ])
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
   * @example
   * ```ts
   * const { size, advance } = HoppingWindows.of('10m')
   * assert.deepEqual([size, advance], [600_000, 600_000])
   * ```
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
   * @example
   * ```ts
   * assert.equal(HoppingWindows.of('10m').advanceBy('1m').advance, 60_000)
   * ```
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
   * @example
   * ```ts
   * assert.equal(HoppingWindows.of('10m').advanceBy('1m').grace('5m').retention, 900_000)
   * ```
   */
  grace(grace: Duration): HoppingWindows {
    return new HoppingWindows(this.size, this.advance, parseDuration('HoppingWindows.grace', grace))
  }

  /**
   * Start of the first window that a timestamp is in; none begins before the epoch.
   *
   * @example
   * ```ts
   * assert.equal(HoppingWindows.of('10m').advanceBy('5m').firstStart(1_500_000), 1_200_000)
   * ```
   */
  firstStart(timestamp: number): number {
    const earliest = Math.max(0, timestamp - this.size + this.advance)
    return earliest - (earliest % this.advance)
  }

  /** How long a store keeps a window at least: until no record can change it any more. */
  get retention(): number {
    return this.size + this.graceMs
  }
}
