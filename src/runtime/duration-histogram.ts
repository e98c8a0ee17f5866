/** Upper bounds of the buckets, milliseconds. */
const BOUNDS: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
]

/** How durations are distributed. */
export interface DurationFigures {
  /** Upper bounds of the buckets, included, milliseconds, in ascending order. */
  readonly bounds: readonly number[]
  /** Durations in each bucket and in none before it; one more than there are bounds: those above all of them. */
  readonly counts: readonly number[]
  /** Of all durations, milliseconds. */
  readonly sum: number
}

export const NO_DURATIONS: DurationFigures = { bounds: BOUNDS, counts: BOUNDS.map(() => 0).concat(0), sum: 0 }

/** Counts durations in buckets. */
export class DurationHistogram {
  private readonly counts = [...NO_DURATIONS.counts]
  private sum = 0

  /** Takes note of a duration, milliseconds, that has come up so many times. A clock may have gone back: then it is 0. */
  observe(duration: number, times = 1): void {
    const positive = Math.max(0, duration)
    let bucket = 0
    while (bucket < BOUNDS.length && positive > BOUNDS[bucket]!) bucket++
    this.counts[bucket]! += times
    this.sum += positive * times
  }

  get figures(): DurationFigures {
    return { bounds: BOUNDS, counts: [...this.counts], sum: this.sum }
  }
}
