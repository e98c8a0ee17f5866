/** Below, numbers have fewer digits, and count as 0. */
const MIN_NORMAL = 2 ** -1022

/**
 * Which numbers share a bin, and what it stands for: bins grow with the numbers in them, so that each is off by no more than
 * a share of itself. Bins are in the order of their numbers; that of 0 is 0, that of -x is minus that of x.
 */
export class BinScale {
  private readonly width: number
  /** Has the bins of positive numbers begin at 1. */
  private readonly offset: number
  /** What a bin stands for, as a share of its upper end: as far from that, in shares of each, as from the lower end. */
  private readonly middle: number

  constructor(
    readonly relativeAccuracy: number,
    /** Bins with numbers in them, at most: where there are more, the lowest become one. */
    readonly maxBins: number,
  ) {
    const growth = (1 + relativeAccuracy) / (1 - relativeAccuracy)
    this.width = Math.log(growth)
    this.offset = 1 - Math.ceil(Math.log(MIN_NORMAL) / this.width)
    this.middle = 2 / (1 + growth)
  }

  same({ relativeAccuracy, maxBins }: Pick<BinScale, 'relativeAccuracy' | 'maxBins'>): boolean {
    return relativeAccuracy === this.relativeAccuracy && maxBins === this.maxBins
  }

  binOf(value: number): number {
    if (value >= MIN_NORMAL) return this.offset + Math.ceil(Math.log(value) / this.width)
    if (value <= -MIN_NORMAL) return -(this.offset + Math.ceil(Math.log(-value) / this.width))
    return 0
  }

  valueOf(bin: number): number {
    if (bin === 0) return 0
    const value = Math.exp((Math.abs(bin) - this.offset) * this.width) * this.middle
    return bin > 0 ? value : -value
  }
}
