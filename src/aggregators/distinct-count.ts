/**
 * About how many different items there were: a HyperLogLog, made by {@link Aggregators.distinctCount}. Immutable. Up to 3/16
 * of 2^precision items, all of which it remembers, the count is as good as exact.
 */
export interface DistinctCount {
  /** About how many different items there were, a whole number. */
  readonly count: number
  /** log2 of how many registers it has. */
  readonly precision: number
  /** By which share of the true number the count is off, as a standard deviation: `1.04 / sqrt(2^precision)`. */
  readonly standardError: number
  /**
   * The count of what either has seen: what is in both counts once.
   *
   * @throws {InvalidAggregatorError} if the other has another precision.
   */
  merge(other: DistinctCount): DistinctCount
}
