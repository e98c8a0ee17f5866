import type { DurationFigures } from '../../runtime/duration-histogram.js'

interface Counted {
  /** When what counts it began. */
  since: number
  latest: number
  /** What its predecessors came to. */
  before: number
}

/** Totals that go on where a thread that began anew counts from 0 again. */
export class RunningTotals {
  private readonly series = new Map<string, Counted>()

  /**
   * @param since when what counts it began: one that began at another time counts from 0 again
   * @returns what it and its predecessors came to
   */
  total(series: string, since: number, count: number): number {
    const counted = this.series.get(series)
    if (counted === undefined) {
      this.series.set(series, { since, latest: count, before: 0 })
      return count
    }
    if (counted.since !== since) {
      counted.before += counted.latest
      counted.since = since
    }
    counted.latest = count
    return counted.before + count
  }

  /** The same for each bucket of a histogram, and for its sum. */
  durations(series: string, since: number, { bounds, counts, sum }: DurationFigures): DurationFigures {
    return {
      bounds,
      counts: counts.map((count, at) => this.total(`${series} ${at}`, since, count)),
      sum: this.total(`${series} sum`, since, sum),
    }
  }
}
