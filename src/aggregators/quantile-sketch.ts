/**
 * How numbers are spread: a DDSketch, made by {@link Aggregators.quantiles}. Immutable.
 */
export interface QuantileSketch {
  /** How many numbers it has seen. */
  readonly count: number
  /** The least of them, exactly; NaN: it has seen none. */
  readonly min: number
  /** The greatest of them, exactly; NaN: it has seen none. */
  readonly max: number
  /** By which share of the true number a quantile is off at most. */
  readonly relativeAccuracy: number
  /**
   * The number that a share of the others is below: 0.5 for the median, 0.99 for what one of a hundred exceeds. It is that
   * of rank `floor(q * (count - 1))`, counted from 0 for the least, off by `relativeAccuracy` at most; NaN: it has seen none.
   *
   * @param q from 0, the least, to 1, the greatest.
   * @throws {InvalidAggregatorError} if it is not.
   */
  quantile(q: number): number
  /**
   * The sketch of what either has seen: the same as if one had seen all.
   *
   * @throws {InvalidAggregatorError} if the other has another relative accuracy or another number of bins at most.
   */
  merge(other: QuantileSketch): QuantileSketch
}
