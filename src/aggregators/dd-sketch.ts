import { InvalidAggregatorError, requireWithin } from './aggregator-options.js'
import type { BinScale } from './bin-scale.js'
import { Bins } from './bins.js'
import type { QuantileSketch } from './quantile-sketch.js'
import { Versions } from './versions.js'

/** DDSketch (Masson et al. 2019): counts in bins that grow with the numbers in them. */
export class DDSketch implements QuantileSketch {
  constructor(
    readonly scale: BinScale,
    readonly count: number,
    readonly min: number,
    readonly max: number,
    private readonly bins: Versions<Bins>,
  ) {}

  static empty(scale: BinScale): DDSketch {
    return new DDSketch(scale, 0, Number.NaN, Number.NaN, Versions.of(Bins.empty()))
  }

  get relativeAccuracy(): number {
    return this.scale.relativeAccuracy
  }

  quantile(q: number): number {
    requireWithin('quantile', q, 0, 1)
    const { count, min, max, scale } = this
    if (count === 0) return Number.NaN
    if (q === 0) return min
    if (q === 1) return max
    const value = scale.valueOf(this.readBins().binOfRank(Math.floor(q * (count - 1))))
    return Math.min(max, Math.max(min, value))
  }

  with(value: number): DDSketch {
    if (!Number.isFinite(value)) {
      throw new InvalidAggregatorError(
        `Aggregators.quantiles: ${typeof value === 'number' ? value : typeof value} is no finite number; give null for a value that has none`,
      )
    }
    const { scale, count } = this
    const min = count === 0 ? value : Math.min(this.min, value)
    const max = count === 0 ? value : Math.max(this.max, value)
    return new DDSketch(scale, count + 1, min, max, this.counted(scale.binOf(value)))
  }

  merge(other: QuantileSketch): DDSketch {
    const { scale } = this
    if (!(other instanceof DDSketch) || !other.scale.same(scale)) {
      throw new InvalidAggregatorError(
        `Aggregators.quantiles: sketches of the relative accuracies ${scale.relativeAccuracy} and ${other.relativeAccuracy}, or of different maxBins, do not merge; sketch with one of each, and reset an application that had others`,
      )
    }
    if (other.count === 0) return this
    if (this.count === 0) return other
    const merged = this.readBins().copy().merge(other.readBins(), scale.maxBins)
    return new DDSketch(
      scale,
      this.count + other.count,
      Math.min(this.min, other.min),
      Math.max(this.max, other.max),
      Versions.of(merged),
    )
  }

  /** The bins, not to be changed. */
  readBins(): Bins {
    return this.bins.read()
  }

  private counted(bin: number): Versions<Bins> {
    const bins = this.readBins()
    const { length } = bins
    const { maxBins } = this.scale
    const place = bins.placeOf(bin)
    if (place < length && bins.binAt(place) === bin) return this.bins.with(place, bins.countAt(place) + 1)
    // Below the lowest of all that there may be.
    if (place === 0 && length === maxBins) return this.bins.with(0, bins.countAt(0) + 1)
    return Versions.of(bins.withBin(place, bin, maxBins))
  }
}
