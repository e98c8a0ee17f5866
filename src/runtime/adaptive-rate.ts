/** What is left of the rate when it was too much. */
const DECREASE = 0.7
/** By so much of itself the rate grows in a step. */
const INCREASE = 0.05
/** After so many steps in which nothing was too much it grows faster with each step. */
const CAREFUL_STEPS = 10
/** It grows by so much of itself at most in a step. */
const LARGEST_INCREASE = 1
const LEAST_RATE = 1

/** What was seen since the last step. */
export interface Observed {
  /** Records a second that were taken in. */
  readonly taken: number
  /** Whether that was too much for what comes behind. */
  readonly overloaded: boolean
}

/**
 * A rate, in records a second, that follows what can be done: down at once by a part of what was taken in when that was too
 * much, up again slowly, past where it was too much, and then faster and faster. So it swings in small steps around what can
 * be done, and comes back from any depth in a few. Down by a factor as TCP does (AIMD), up flat near what was too much and
 * steep away from it as CUBIC does (RFC 9438).
 */
export class AdaptiveRate {
  /** Infinite: nothing was too much. */
  rate = Number.POSITIVE_INFINITY
  private goodSteps = 0

  /** @param ceiling beyond it the rate is of no consequence */
  step({ taken, overloaded }: Observed, ceiling: number): void {
    if (overloaded) this.decrease(taken)
    else this.increase(ceiling)
  }

  private decrease(taken: number): void {
    this.goodSteps = 0
    // What is too much with nothing taken in does not come from intake.
    if (taken === 0) return
    this.rate = Math.max(LEAST_RATE, DECREASE * Math.min(this.rate, taken))
  }

  private increase(ceiling: number): void {
    this.goodSteps++
    const faster = Math.max(1, this.goodSteps - CAREFUL_STEPS)
    this.rate *= 1 + Math.min(LARGEST_INCREASE, INCREASE * faster)
    if (this.rate >= ceiling) this.rate = Number.POSITIVE_INFINITY
  }
}
