import { type Duration, InvalidDurationError, parseDuration } from '../time/duration.js'
import type { JoinBounds } from './join-windows.js'

const ANY = { min: Number.MIN_SAFE_INTEGER }

/**
 * Which records of two streams meet: those of a key where the right one is at least `lower` and at most `upper` later than
 * the left one; negative: earlier (Flink's interval join). Immutable.
 *
 * @example
 * ```ts
 * // A payment is for an order of up to ten minutes before, and never comes in the minute of the order.
 * const interval = JoinInterval.between('1m', '10m').lowerExclusive()
 * const paid = orders.intervalJoin(payments, (ordered, paid) => ordered - paid, interval)
 * assert.deepEqual(results(paid), [])
 * ```
 */
export class JoinInterval implements JoinBounds {
  private constructor(
    /** The least by which the right record is later than the left one, in milliseconds, included. */
    readonly lowerMs: number,
    /** The most, in milliseconds, included. */
    readonly upperMs: number,
    /** How long records are waited for that are out of order, in milliseconds of event time. */
    readonly graceMs: number,
  ) {}

  /**
   * From one time difference to another, both included, without grace.
   *
   * @throws {InvalidDurationError} if the upper bound is below the lower one.
   * @example
   * ```ts
   * assert.equal(JoinInterval.between('-5m', '1m').size, 360_000)
   * ```
   */
  static between(lower: Duration, upper: Duration): JoinInterval {
    const call = 'JoinInterval.between'
    return JoinInterval.of(call, parseDuration(call, lower, ANY), parseDuration(call, upper, ANY), 0)
  }

  /**
   * The same interval without its lower bound.
   *
   * @throws {InvalidDurationError} if nothing is left.
   * @example
   * ```ts
   * assert.equal(JoinInterval.between(0, '1s').lowerExclusive().lowerMs, 1)
   * ```
   */
  lowerExclusive(): JoinInterval {
    return JoinInterval.of('JoinInterval.lowerExclusive', this.lowerMs + 1, this.upperMs, this.graceMs)
  }

  /**
   * The same interval without its upper bound.
   *
   * @throws {InvalidDurationError} if nothing is left.
   * @example
   * ```ts
   * assert.equal(JoinInterval.between(0, '1s').upperExclusive().upperMs, 999)
   * ```
   */
  upperExclusive(): JoinInterval {
    return JoinInterval.of('JoinInterval.upperExclusive', this.lowerMs, this.upperMs - 1, this.graceMs)
  }

  /**
   * The same interval, which waits `grace` longer for records that are out of order.
   *
   * @throws {InvalidDurationError} if the grace is negative.
   * @example
   * ```ts
   * assert.equal(JoinInterval.between(0, '1m').grace('5s').graceMs, 5_000)
   * ```
   */
  grace(grace: Duration): JoinInterval {
    return new JoinInterval(this.lowerMs, this.upperMs, parseDuration('JoinInterval.grace', grace))
  }

  /** How much earlier than the left record the right one may be; negative: it is later. */
  get beforeMs(): number {
    return -this.lowerMs
  }

  /** How much later than the left record the right one may be; negative: it is earlier. */
  get afterMs(): number {
    return this.upperMs
  }

  /** From the earliest right record that a left one meets to the latest. */
  get size(): number {
    return this.upperMs - this.lowerMs
  }

  /** How long a record is kept for those of the other stream: until none can meet it. */
  get retention(): number {
    return Math.max(Math.abs(this.lowerMs), Math.abs(this.upperMs)) + this.graceMs + 1
  }

  /** Intervals end anywhere: one that ends before the epoch has no records. */
  get leastEnd(): number {
    return Number.NEGATIVE_INFINITY
  }

  private static of(call: string, lower: number, upper: number, grace: number): JoinInterval {
    if (upper < lower) {
      throw new InvalidDurationError(
        `${call}: no record is at least ${lower} ms and at most ${upper} ms later than another: ` +
          'the upper bound must not be below the lower one',
      )
    }
    return new JoinInterval(lower, upper, grace)
  }
}
