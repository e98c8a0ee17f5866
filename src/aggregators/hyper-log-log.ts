import { InvalidAggregatorError } from './aggregator-options.js'
import { Coupons, registerOf, runOf, SLOT_BITS } from './coupons.js'
import type { DistinctCount } from './distinct-count.js'
import { Registers } from './registers.js'
import { Versions } from './versions.js'

export const MIN_PRECISION = 4
export const MAX_PRECISION = 18
const SLOTS = 2 ** SLOT_BITS

/**
 * HyperLogLog (Flajolet et al. 2007) in two forms, as HyperLogLog++ (Heule et al. 2013) has them: of few items the coupons,
 * of more the registers, as soon as they take no more room.
 */
export class HyperLogLog implements DistinctCount {
  private constructor(
    readonly precision: number,
    private readonly coupons: Versions<Coupons> | undefined,
    /** How many coupons there are. */
    private readonly used: number,
    private readonly registers: Versions<Registers> | undefined,
  ) {}

  static empty(precision: number): HyperLogLog {
    return new HyperLogLog(precision, Versions.of(Coupons.empty()), 0, undefined)
  }

  static ofCoupons(precision: number, coupons: Uint32Array): HyperLogLog {
    return new HyperLogLog(precision, Versions.of(Coupons.of(coupons)), coupons.length, undefined)
  }

  static ofRegisters(precision: number, registers: Registers): HyperLogLog {
    return new HyperLogLog(precision, undefined, 0, Versions.of(registers))
  }

  get count(): number {
    if (this.registers !== undefined) return Math.round(this.registers.read().estimate())
    // Two items of one slot are rare, and allowed for.
    return Math.round(-SLOTS * Math.log1p(-this.used / SLOTS))
  }

  get standardError(): number {
    return 1.04 / Math.sqrt(2 ** this.precision)
  }

  /** With a coupon; itself where that changes nothing, which of many items is mostly so. */
  with(coupon: number): HyperLogLog {
    const { precision, registers } = this
    if (registers === undefined) return this.withFew(coupon)
    const register = registerOf(coupon, precision)
    const run = runOf(coupon, precision)
    if (run <= registers.read().at(register)) return this
    return new HyperLogLog(precision, undefined, 0, registers.with(register, run))
  }

  merge(other: DistinctCount): HyperLogLog {
    if (!(other instanceof HyperLogLog) || other.precision !== this.precision) {
      throw new InvalidAggregatorError(
        `Aggregators.distinctCount: counts of the precisions ${this.precision} and ${other.precision} do not merge; count with one precision, and reset an application that had another`,
      )
    }
    const coupons = other.sortedCoupons()
    if (coupons === undefined)
      return this.sortedCoupons() === undefined ? this.raisedBy(other) : other.merge(this)
    return coupons.reduce<HyperLogLog>((merged, coupon) => merged.with(coupon), this)
  }

  /** All coupons, ordered; undefined: there are registers. */
  sortedCoupons(): Uint32Array | undefined {
    return this.coupons?.read().sorted()
  }

  /** The registers, not to be changed; undefined: there are coupons. */
  readRegisters(): Registers | undefined {
    return this.registers?.read()
  }

  private withFew(coupon: number): HyperLogLog {
    const { precision, used } = this
    const versions = this.coupons!
    const coupons = versions.read()
    const place = coupons.placeOf(coupon)
    const before = coupons.at(place)
    if (before >= coupon) return this
    const count = before === 0 ? used + 1 : used
    if (coupons.takes(count)) {
      return new HyperLogLog(precision, versions.with(place, coupon), count, undefined)
    }
    const all = new Uint32Array(count)
    all.set(coupons.sorted())
    all[used] = coupon
    // A place takes four bytes, a register one.
    return 2 * coupons.length * 4 <= 2 ** precision
      ? HyperLogLog.ofCoupons(precision, all)
      : HyperLogLog.ofRegisters(precision, registersOf(precision, all))
  }

  private raisedBy(other: HyperLogLog): HyperLogLog {
    const raised = this.readRegisters()!.copy()
    const registers = other.readRegisters()!
    for (let register = 0; register < registers.length; register++)
      raised.raise(register, registers.at(register))
    return HyperLogLog.ofRegisters(this.precision, raised)
  }
}

function registersOf(precision: number, coupons: Uint32Array): Registers {
  const registers = Registers.empty(precision)
  for (const coupon of coupons) registers.raise(registerOf(coupon, precision), runOf(coupon, precision))
  return registers
}
