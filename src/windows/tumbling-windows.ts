import { type Duration, parseDuration } from '../time/duration.js'
import type { TimeWindows } from './time-windows.js'

/**
 * Windows of one size, one after the other, aligned to the epoch: a record is in exactly one of them
 * (Kafka Streams' `TimeWindows` without advance). Immutable.
 *
 * @example
 * ```ts
 * const counts = clicks.groupByKey().windowedBy(TumblingWindows.of('1h').grace('10m')).count()
 * assert.deepEqual(results(counts), ['ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 1h-2h: 1'])
 * ```
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
   * @example
   * ```ts
   * assert.equal(TumblingWindows.of('10m').size, 600_000)
   * ```
   */
  static of(size: Duration): TumblingWindows {
    return new TumblingWindows(parseDuration('TumblingWindows.of', size, { min: 1 }), 0)
  }

  /**
   * The same windows, which take records until event time is `grace` past their end.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   * @example
   * ```ts
   * assert.equal(TumblingWindows.of('10m').grace('5m').retention, 900_000)
   * ```
   */
  grace(grace: Duration): TumblingWindows {
    return new TumblingWindows(this.size, parseDuration('TumblingWindows.grace', grace))
  }

  /** A window begins where the one before it ends. */
  get advance(): number {
    return this.size
  }

  /**
   * Start of the window that a timestamp is in.
   *
   * @example
   * ```ts
   * assert.equal(TumblingWindows.of('10m').firstStart(1_500_000), 1_200_000)
   * ```
   */
  firstStart(timestamp: number): number {
    return timestamp - (timestamp % this.size)
  }

  /** How long a store keeps a window at least: until no record can change it any more. */
  get retention(): number {
    return this.size + this.graceMs
  }
}
