import { type Duration, parseDuration } from '../time/duration.js'

/**
 * Sessions: records of a key that follow each other within a gap of inactivity are one window, from the first of
 * them to the last, both included. A record between two sessions makes one of them (Kafka Streams' `SessionWindows`).
 * Immutable.
 *
 * @example
 * ```ts
 * const visits = clicks.groupByKey().windowedBy(SessionWindows.of('30m').grace('5m')).count()
 * assert.equal(results(visits)[2], 'ann 0s-5m: 2')
 * ```
 */
export class SessionWindows {
  private constructor(
    /** The longest pause within a session, in milliseconds: records so far apart still are in one. */
    readonly gap: number,
    /** How long a session that could not be prolonged any more takes late records, in milliseconds of event time. */
    readonly graceMs: number,
  ) {}

  /**
   * Sessions with a gap, without grace.
   *
   * @throws {InvalidDurationError} if the gap is not at least a millisecond.
   * @example
   * ```ts
   * assert.equal(SessionWindows.of('30m').gap, 1_800_000)
   * ```
   */
  static of(gap: Duration): SessionWindows {
    return new SessionWindows(parseDuration('SessionWindows.of', gap, { min: 1 }), 0)
  }

  /**
   * The same sessions, which take records until event time is gap and `grace` past their end.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   * @example
   * ```ts
   * assert.equal(SessionWindows.of('30m').grace('5m').retention, 2_100_000)
   * ```
   */
  grace(grace: Duration): SessionWindows {
    return new SessionWindows(this.gap, parseDuration('SessionWindows.grace', grace))
  }

  /** How long a store keeps a session at least: until no record can change it any more. */
  get retention(): number {
    return this.gap + this.graceMs
  }
}
