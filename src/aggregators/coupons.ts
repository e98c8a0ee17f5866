import { ByteWriter } from '../serdes/byte-writer.js'
import { murmur64 } from '../serdes/murmur3.js'
import { InvalidAggregatorError } from './aggregator-options.js'
import type { Cells } from './versions.js'

/** What can be counted. */
export type Countable = string | number | bigint | boolean | Uint8Array

/*
 * A coupon is what counting keeps of an item (Lang 2017, as in Apache DataSketches): of a hash of 64 bits the first 26, and
 * in the lowest 6 the place of the first one among the others, counted from 1.
 */
export const SLOT_BITS = 26
const RUN_BITS = 6
const RUN_MASK = (1 << RUN_BITS) - 1

/** Of a hash: the higher 32 bits, the lower 32 bits. */
const hash = new Uint32Array(2)
const bytes = new ByteWriter()

/** Kinds of items; those of different kinds are different, as in a Set. */
const TEXT = 0
const NUMBER = 1
const BIGINT = 2
const BOOLEAN = 3
const BYTES = 4

/** @throws {InvalidAggregatorError} if it is none of what can be counted */
export function couponOf(item: Countable): number {
  bytes.reset()
  write(item)
  murmur64(bytes.buffer, 0, bytes.position, hash)
  const [high, low] = [hash[0]!, hash[1]!]
  const rest = high & RUN_MASK
  const run = rest !== 0 ? Math.clz32(rest) - SLOT_BITS : RUN_BITS + Math.clz32(low)
  return ((high & ~RUN_MASK) | (run + 1)) >>> 0
}

function write(item: Countable): void {
  switch (typeof item) {
    case 'string':
      bytes.writeInt8(TEXT)
      bytes.writeUtf8(item)
      return
    case 'number':
      bytes.writeInt8(NUMBER)
      // -0 is 0.
      bytes.writeFloat64(item + 0)
      return
    case 'bigint':
      bytes.writeInt8(BIGINT)
      bytes.writeUtf8(item.toString())
      return
    case 'boolean':
      bytes.writeInt8(BOOLEAN)
      bytes.writeInt8(item ? 1 : 0)
      return
  }
  if (!((item as unknown) instanceof Uint8Array)) {
    throw new InvalidAggregatorError(
      `Aggregators.distinctCount: of ${typeof item} nothing is known that tells two apart; give a string, a number, a bigint, a boolean or bytes, such as one property or several in a string`,
    )
  }
  bytes.writeInt8(BYTES)
  bytes.writeBytes(item)
}

/** The register that a coupon is for, of 2^precision. */
export const registerOf = (coupon: number, precision: number): number => coupon >>> (32 - precision)

/** The place of the first one in the hash of a coupon behind the bits that choose the register. */
export function runOf(coupon: number, precision: number): number {
  const rest = ((coupon & ~RUN_MASK) << precision) >>> 0
  return rest !== 0 ? Math.clz32(rest) + 1 : SLOT_BITS - precision + (coupon & RUN_MASK)
}

/** Of the table, which is in use at most: 3/4. */
const usable = (places: number): number => places - (places >>> 2)
const MIN_PLACES = 4

/** The coupons of few items, one for each slot, in a hash table; 0: a free place. */
export class Coupons implements Cells<Coupons> {
  constructor(private readonly table: Uint32Array) {}

  static empty(): Coupons {
    return new Coupons(new Uint32Array(MIN_PLACES))
  }

  /** The table of so many coupons; each slot is in one of them. */
  static of(coupons: Uint32Array): Coupons {
    let places = MIN_PLACES
    while (usable(places) < coupons.length) places *= 2
    const made = new Coupons(new Uint32Array(places))
    for (const coupon of coupons) made.exchange(made.placeOf(coupon), coupon)
    return made
  }

  get length(): number {
    return this.table.length
  }

  exchange(place: number, coupon: number): number {
    const before = this.table[place]!
    this.table[place] = coupon
    return before
  }

  copy(): Coupons {
    return new Coupons(this.table.slice())
  }

  at(place: number): number {
    return this.table[place]!
  }

  /** Where the coupon of the same slot is, or goes to. */
  placeOf(coupon: number): number {
    const { table } = this
    const mask = table.length - 1
    const slot = coupon >>> RUN_BITS
    let place = slot & mask
    while (table[place] !== 0 && table[place]! >>> RUN_BITS !== slot) place = (place + 1) & mask
    return place
  }

  takes(coupons: number): boolean {
    return coupons <= usable(this.table.length)
  }

  /** All of them, ordered, in an array of its own. */
  sorted(): Uint32Array {
    return this.table.filter((coupon) => coupon !== 0).sort()
  }
}
