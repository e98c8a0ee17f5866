import type { Cells } from './versions.js'

const HASH_BITS = 64

/** The longest runs of many items, by register, and how many registers have which. */
export class Registers implements Cells<Registers> {
  private constructor(
    private readonly runs: Uint8Array,
    private readonly histogram: Uint32Array,
  ) {}

  static empty(precision: number): Registers {
    const histogram = new Uint32Array(HASH_BITS - precision + 2)
    histogram[0] = 2 ** precision
    return new Registers(new Uint8Array(2 ** precision), histogram)
  }

  get length(): number {
    return this.runs.length
  }

  exchange(register: number, run: number): number {
    const before = this.runs[register]!
    this.runs[register] = run
    this.histogram[before]!--
    this.histogram[run]!++
    return before
  }

  copy(): Registers {
    return new Registers(this.runs.slice(), this.histogram.slice())
  }

  at(register: number): number {
    return this.runs[register]!
  }

  raise(register: number, run: number): void {
    if (run > this.runs[register]!) this.exchange(register, run)
  }

  /** About how many items they have seen: Ertl's estimator (2017), which needs no corrections for few or many. */
  estimate(): number {
    const { histogram, length } = this
    const longest = histogram.length - 1
    let sum = length * tau(1 - histogram[longest]! / length)
    for (let run = longest - 1; run >= 1; run--) sum = 0.5 * (sum + histogram[run]!)
    sum += length * sigma(histogram[0]! / length)
    return length ** 2 / (2 * Math.LN2 * sum)
  }
}

/** The part of registers that have seen nothing. */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let [power, weight, sum] = [share, 1, share]
  for (let before = -1; sum !== before; ) {
    power *= power
    before = sum
    sum += power * weight
    weight += weight
  }
  return sum
}

/** The part of registers that are at their end. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let [root, weight, sum] = [share, 1, 1 - share]
  for (let before = -1; sum !== before; ) {
    root = Math.sqrt(root)
    before = sum
    weight *= 0.5
    sum -= (1 - root) ** 2 * weight
  }
  return sum / 3
}
