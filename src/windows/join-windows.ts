import { type Duration, InvalidDurationError, parseDuration } from '../time/duration.js'

/** Which records of two streams meet, in milliseconds. */
export interface JoinBounds {
  /** How much earlier than the left record the right one may be; negative: it is later. */
  readonly beforeMs: number
  /** How much later than the left record the right one may be; negative: it is earlier. */
  readonly afterMs: number
  /** How long records are waited for that are out of order. */
  readonly graceMs: number
  /** From the earliest right record that a left one meets to the latest. */
  readonly size: number
  /** How long a record is kept for those of the other stream. */
  readonly retention: number
  /** Windows end there at the earliest. */
  readonly leastEnd: number
}

/**
 * Which records of two streams meet: those of a key whose timestamps are near enough, the right one at most `before`
 * earlier and at most `after` later than the left one, both included (Kafka Streams' `JoinWindows`). Immutable.
 *
 * @example
 * ```ts
 * // A payment may come up to ten minutes after the order that it is for.
 * const windows = JoinWindows.of(0).after('10m').grace('1m')
 * const open = orders.join(payments, (ordered, paid) => ordered - paid, windows)
 * assert.deepEqual(results(open), ['ann: 20'])
 * ```
 */
export class JoinWindows implements JoinBounds {
  private constructor(
    /** How much earlier than the left record the right one may be, in milliseconds; negative: it is later. */
    readonly beforeMs: number,
    /** How much later than the left record the right one may be, in milliseconds; negative: it is earlier. */
    readonly afterMs: number,
    /** How long records are waited for that are out of order, in milliseconds of event time. */
    readonly graceMs: number,
  ) {}

  /**
   * Records that are at most a time difference apart, in either order, without grace.
   *
   * @throws {InvalidDurationError} if the time difference is negative.
   * @example
   * ```ts
   * assert.equal(JoinWindows.of('10s').size, 20_000)
   * ```
   */
  static of(timeDifference: Duration): JoinWindows {
    const millis = parseDuration('JoinWindows.of', timeDifference)
    return new JoinWindows(millis, millis, 0)
  }

  /**
   * The same windows, but the right record may be `before` earlier than the left one; negative: it must be so much
   * later.
   *
   * @throws {InvalidDurationError} if then no right record could meet a left one.
   * @example
   * ```ts
   * assert.equal(JoinWindows.of('10s').before(0).beforeMs, 0)
   * ```
   */
  before(before: Duration): JoinWindows {
    const millis = parseDuration('JoinWindows.before', before, { min: Number.MIN_SAFE_INTEGER })
    return this.between('JoinWindows.before', millis, this.afterMs)
  }

  /**
   * The same windows, but the right record may be `after` later than the left one; negative: it must be so much
   * earlier.
   *
   * @throws {InvalidDurationError} if then no right record could meet a left one.
   * @example
   * ```ts
   * assert.equal(JoinWindows.of('10s').after('1m').afterMs, 60_000)
   * ```
   */
  after(after: Duration): JoinWindows {
    const millis = parseDuration('JoinWindows.after', after, { min: Number.MIN_SAFE_INTEGER })
    return this.between('JoinWindows.after', this.beforeMs, millis)
  }

  /**
   * The same windows, which wait `grace` longer for records that are out of order.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   * @example
   * ```ts
   * assert.equal(JoinWindows.of('10s').grace('1m').retention, 80_000)
   * ```
   */
  grace(grace: Duration): JoinWindows {
    return new JoinWindows(this.beforeMs, this.afterMs, parseDuration('JoinWindows.grace', grace))
  }

  /** From the earliest right record that a left one meets to the latest. */
  get size(): number {
    return this.beforeMs + this.afterMs
  }

  /** How long a record is kept for those of the other stream; at least a millisecond, so that equal times meet. */
  get retention(): number {
    return Math.max(1, this.size + this.graceMs)
  }

  /** No window ends before the epoch, as in Kafka Streams: what would is at the epoch. */
  get leastEnd(): number {
    return 0
  }

  private between(call: string, before: number, after: number): JoinWindows {
    if (before + after < 0) {
      throw new InvalidDurationError(
        `${call}: no record is at most ${before} ms earlier and at most ${after} ms later than another: ` +
          'before and after must not be less than 0 together',
      )
    }
    return new JoinWindows(before, after, this.graceMs)
  }
}
