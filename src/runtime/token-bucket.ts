/** What may pass at once after a pause, as time at the full rate: enough for a thread that comes round late. */
const BURST_S = 0.1
/** It opens again when so much may pass, as time at the full rate: opening for each record would cost more than the record. */
const OPENING_S = 0.01

/**
 * Lets units pass at a rate: a token bucket. What passes may take more than there is, and what comes later waits for it, so
 * that one that is larger than the bucket passes as well, and the rate holds over time.
 */
export class TokenBucket {
  private level: number
  /** Whether the next one may pass. */
  open = true

  /**
   * @param rate units a second; infinite: everything passes
   * @param filledAt now, milliseconds of a monotonic clock
   */
  constructor(
    private rate: number,
    private filledAt: number,
  ) {
    this.level = rate * BURST_S
  }

  /** Takes note that so many units have passed. */
  take(units: number): void {
    this.level -= units
    if (this.level <= 0) this.open = false
  }

  /** Takes note of the time that has passed. */
  fill(now: number): void {
    const { rate } = this
    // An infinite rate would make no time at all no number.
    const more = now > this.filledAt ? (rate * (now - this.filledAt)) / 1000 : 0
    this.level = Math.min(this.level + more, rate * BURST_S)
    this.filledAt = now
    if (this.level >= rate * OPENING_S) this.open = true
  }

  /** Goes on at another rate. */
  setRate(rate: number, now: number): void {
    this.fill(now)
    this.rate = rate
    this.level = rate === Number.POSITIVE_INFINITY ? rate : Math.min(this.level, rate * BURST_S)
    if (this.level > 0) this.open = true
  }

  /** Milliseconds until it opens; 0: it is open. */
  timeToOpen(now: number): number {
    if (this.open) return 0
    const missing = this.rate * OPENING_S - this.level
    return Math.max(0, (missing / this.rate) * 1000 - (now - this.filledAt))
  }
}
