/** Most records between two looks at the clock. */
const MOST_RECORDS = 64
/** The clock is looked at about so often, milliseconds. */
const LOOK_EVERY_MS = 0.5

/**
 * Looks whether a slice of processing is over: not after each record, which would cost more than a quick one, but soon after
 * its time is over where records are slow as well, so that heartbeats and commits have their turn, and no more than a slice
 * makes goes beyond a bound.
 */
export class SlicePace {
  /** Records between two looks: as many as the last ones took little time. */
  private records = 1
  private lookedAt = 0
  private deadline = 0

  /**
   * Records are about to be processed until `deadline` (as `performance.now()`).
   *
   * @returns after how many of them to look
   */
  begin(deadline: number): number {
    this.deadline = deadline
    this.lookedAt = performance.now()
    return this.records
  }

  /** Looks at the clock. @returns after how many records to look again; 0: the slice is over */
  look(): number {
    const now = performance.now()
    this.adapt(now - this.lookedAt)
    this.lookedAt = now
    return now >= this.deadline ? 0 : this.records
  }

  private adapt(tookMs: number): void {
    if (tookMs > LOOK_EVERY_MS)
      this.records = Math.max(1, Math.floor((this.records * LOOK_EVERY_MS) / tookMs))
    else if (this.records < MOST_RECORDS) this.records *= 2
  }
}
