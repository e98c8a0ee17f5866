import { InvalidDurationError } from '../time/duration.js'
import type { TimeWindows } from './time-windows.js'

/**
 * One window without end, from a point in time on: records before it are in no window and are left out (Kafka
 * Streams' `UnlimitedWindows`). It never closes, so no record is late and nothing can be emitted at its close.
 * Immutable.
 *
 * @example
 * ```ts
 * const counts = clicks.groupByKey().windowedBy(UnlimitedWindows.of().startOn(300_000)).count()
 * assert.deepEqual(results(counts), ['ann 5m-...: 1', 'bob 5m-...: 1', 'ann 5m-...: 2'])
 * ```
 */
export class UnlimitedWindows implements TimeWindows {
  readonly size = Number.MAX_SAFE_INTEGER
  readonly advance = Number.POSITIVE_INFINITY
  readonly graceMs = 0
  readonly retention = Number.MAX_SAFE_INTEGER

  private constructor(
    /** Start of the window, epoch milliseconds. */
    readonly start: number,
  ) {}

  /**
   * The window of all time.
   *
   * @example
   * ```ts
   * assert.equal(UnlimitedWindows.of().start, 0)
   * ```
   */
  static of(): UnlimitedWindows {
    return new UnlimitedWindows(0)
  }

  /**
   * The window from a point in time on, epoch milliseconds.
   *
   * @throws {InvalidDurationError} if it is no timestamp: a safe integer, not negative.
   * @example
   * ```ts
   * assert.equal(UnlimitedWindows.of().startOn(Date.parse('2026-01-01T00:00:00Z')).start, 1_767_225_600_000)
   * ```
   */
  startOn(start: number): UnlimitedWindows {
    if (!Number.isSafeInteger(start) || start < 0) {
      throw new InvalidDurationError(
        `UnlimitedWindows.startOn: ${String(start)} is no timestamp: whole epoch milliseconds of at least 0 expected`,
      )
    }
    return new UnlimitedWindows(start)
  }

  /**
   * Start of the one window, whatever the timestamp.
   *
   * @example
   * ```ts
   * assert.equal(UnlimitedWindows.of().startOn(60_000).firstStart(), 60_000)
   * ```
   */
  firstStart(): number {
    return this.start
  }
}
