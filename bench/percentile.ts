/** The smallest of some numbers that so many percent of them do not exceed. */
export function percentile(numbers: readonly number[], percent: number): number {
  if (numbers.length === 0) throw new RangeError('a percentile of no numbers')
  const sorted = Float64Array.from(numbers).sort()
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}
