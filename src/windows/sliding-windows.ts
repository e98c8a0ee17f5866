import { type Duration, parseDuration } from '../time/duration.js'

/**
 * Windows that begin and end at the records themselves: two records of a key are in one window if their timestamps
 * are at most a time difference apart, and there is a window for each different set of such records (Kafka Streams'
 * `SlidingWindows`, KIP-450). Both ends are included. Immutable.
 *
 * What Flink and many texts call sliding windows, overlapping ones at a fixed step, are {@link HoppingWindows}.
 *
 * @example
 * ```ts
 * // How many clicks there were within any ten minutes.
 * const counts = clicks.groupByKey().windowedBy(SlidingWindows.of('10m')).count()
 * assert.equal(results(counts)[2], 'ann 0s-10m: 2')
 * ```
 */
export class SlidingWindows {
  private constructor(
    /** Greatest difference of the timestamps of two records in a window, in milliseconds. */
    readonly timeDifference: number,
    /** How long after its end a window takes late records, in milliseconds of event time. */
    readonly graceMs: number,
  ) {}

  /**
   * Windows of a time difference, without grace. With a difference of 0, records of one timestamp are in a window.
   *
   * @throws {InvalidDurationError} if the time difference is negative.
   * @example
   * ```ts
   * assert.equal(SlidingWindows.of('10s').timeDifference, 10_000)
   * ```
   */
  static of(timeDifference: Duration): SlidingWindows {
    return new SlidingWindows(parseDuration('SlidingWindows.of', timeDifference), 0)
  }

  /**
   * The same windows, which take records until event time is `grace` past their end.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   * @example
   * ```ts
   * assert.equal(SlidingWindows.of('10s').grace('1m').retention, 80_000)
   * ```
   */
  grace(grace: Duration): SlidingWindows {
    return new SlidingWindows(this.timeDifference, parseDuration('SlidingWindows.grace', grace))
  }

  /** From the start of a window to its end; a window of a single point in time is a millisecond long. */
  get size(): number {
    return Math.max(1, this.timeDifference)
  }

  /** How long a store keeps a window at least: a record may need the windows of records as far before it. */
  get retention(): number {
    return 2 * this.timeDifference + this.graceMs
  }
}
