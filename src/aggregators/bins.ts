import type { Cells } from './versions.js'

/** How many numbers are in which bins, in the order of the bins; those with none are left out. */
export class Bins implements Cells<Bins> {
  constructor(
    /** Not changed, and shared by copies. */
    private readonly bins: Int32Array,
    private readonly counts: Float64Array,
  ) {}

  static empty(): Bins {
    return new Bins(new Int32Array(0), new Float64Array(0))
  }

  get length(): number {
    return this.bins.length
  }

  exchange(place: number, count: number): number {
    const before = this.counts[place]!
    this.counts[place] = count
    return before
  }

  copy(): Bins {
    return new Bins(this.bins, this.counts.slice())
  }

  binAt(place: number): number {
    return this.bins[place]!
  }

  countAt(place: number): number {
    return this.counts[place]!
  }

  /** Where a bin is, or belongs. */
  placeOf(bin: number): number {
    const { bins } = this
    let [from, to] = [0, bins.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (bins[middle]! < bin) from = middle + 1
      else to = middle
    }
    return from
  }

  /** The bin in which the number of a rank is, the ranks counted from 0. */
  binOfRank(rank: number): number {
    const { bins, counts } = this
    let [place, seen] = [0, counts[0]!]
    while (seen <= rank && place < bins.length - 1) seen += counts[++place]!
    return bins[place]!
  }

  /** With another bin in a place, and one number in it; the lowest become one where they are too many. */
  withBin(place: number, bin: number, maxBins: number): Bins {
    const { bins, counts } = this
    const [allBins, allCounts] = [new Int32Array(bins.length + 1), new Float64Array(bins.length + 1)]
    allBins.set(bins.subarray(0, place))
    allBins[place] = bin
    allBins.set(bins.subarray(place), place + 1)
    allCounts.set(counts.subarray(0, place))
    allCounts[place] = 1
    allCounts.set(counts.subarray(place), place + 1)
    return limited(allBins, allCounts, maxBins)
  }

  merge(other: Bins, maxBins: number): Bins {
    const bins: number[] = []
    const counts: number[] = []
    for (let [left, right] = [0, 0]; left < this.length || right < other.length; ) {
      const leftBin = left < this.length ? this.binAt(left) : Number.POSITIVE_INFINITY
      const rightBin = right < other.length ? other.binAt(right) : Number.POSITIVE_INFINITY
      bins.push(Math.min(leftBin, rightBin))
      counts.push(
        (leftBin <= rightBin ? this.countAt(left++) : 0) + (rightBin <= leftBin ? other.countAt(right++) : 0),
      )
    }
    return limited(Int32Array.from(bins), Float64Array.from(counts), maxBins)
  }
}

function limited(bins: Int32Array, counts: Float64Array, maxBins: number): Bins {
  const excess = bins.length - maxBins
  if (excess <= 0) return new Bins(bins, counts)
  const kept = counts.slice(excess)
  for (let place = 0; place < excess; place++) kept[0]! += counts[place]!
  return new Bins(bins.slice(excess), kept)
}
