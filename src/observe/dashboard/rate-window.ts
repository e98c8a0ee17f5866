interface Counts {
  /** Milliseconds of a clock that is never put back. */
  readonly at: number
  readonly counts: ReadonlyMap<string, number>
}

/** So many of the last looks are compared: the rate of a moment jumps, one of several seconds can be read. */
const LOOKS = 4

/** How fast counts grow, by looks from time to time. */
export class RateWindow {
  private looks: readonly Counts[] = []

  /** @param counts by what is counted; they only grow, but for what begins anew */
  look(at: number, counts: ReadonlyMap<string, number>): void {
    this.looks = [...this.looks, { at, counts }].slice(-LOOKS)
  }

  /** Growth a second; undefined: it was looked at once only. What has begun anew since counts from there. */
  perSecond(name: string): number | undefined {
    let growth = 0
    let elapsedMs = 0
    for (const [index, look] of this.looks.entries()) {
      const before = this.looks[index - 1]?.counts.get(name)
      const count = look.counts.get(name)
      if (before === undefined || count === undefined || count < before) continue
      growth += count - before
      elapsedMs += look.at - this.looks[index - 1]!.at
    }
    return elapsedMs === 0 ? undefined : (growth * 1000) / elapsedMs
  }
}
