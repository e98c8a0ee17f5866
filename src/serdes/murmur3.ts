/*
 * MurmurHash3 of 128 bits for 64-bit machines (Austin Appleby, public domain), as Kafka Streams takes it for foreign-key
 * joins. JavaScript's integers have 32 bits: each of the 64-bit numbers is two of them.
 */
const C1_HIGH = 0x87c37b91 | 0
const C1_LOW = 0x114253d5
const C2_HIGH = 0x4cf5ad43
const C2_LOW = 0x2745937f
const N1 = 0x52dce729
const N2 = 0x38495ab5
const MIX1_HIGH = 0xff51afd7 | 0
const MIX1_LOW = 0xed558ccd | 0
const MIX2_HIGH = 0xc4ceb9fe | 0
const MIX2_LOW = 0x1a85ec53
const BLOCK_BYTES = 16
/** Kafka Streams' seed. */
const SEED = 104_729

/** The result of the last operation on 64 bits. */
let high = 0
let low = 0

function multiply(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const a0 = aLow & 0xffff
  const a1 = aLow >>> 16
  const b0 = bLow & 0xffff
  const b1 = bLow >>> 16
  const lowest = a0 * b0
  const middle = a0 * b1 + a1 * b0 + Math.floor(lowest / 0x1_0000)
  low = (middle << 16) | (lowest & 0xffff)
  high = (Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh) + a1 * b1 + Math.floor(middle / 0x1_0000)) | 0
}

function add(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const sum = (aLow >>> 0) + (bLow >>> 0)
  low = sum | 0
  high = (aHigh + bHigh + (sum > 0xffff_ffff ? 1 : 0)) | 0
}

function rotateLeft(aHigh: number, aLow: number, bits: number): void {
  if (bits < 32) {
    high = (aHigh << bits) | (aLow >>> (32 - bits))
    low = (aLow << bits) | (aHigh >>> (32 - bits))
  } else {
    high = (aLow << (bits - 32)) | (aHigh >>> (64 - bits))
    low = (aHigh << (bits - 32)) | (aLow >>> (64 - bits))
  }
}

function mixFirst(kHigh: number, kLow: number): void {
  multiply(kHigh, kLow, C1_HIGH, C1_LOW)
  rotateLeft(high, low, 31)
  multiply(high, low, C2_HIGH, C2_LOW)
}

function mixSecond(kHigh: number, kLow: number): void {
  multiply(kHigh, kLow, C2_HIGH, C2_LOW)
  rotateLeft(high, low, 33)
  multiply(high, low, C1_HIGH, C1_LOW)
}

/** Spreads each bit over all. Shifting by 33 leaves one bit less than the upper half. */
function finish(aHigh: number, aLow: number): void {
  multiply(aHigh, aLow ^ (aHigh >>> 1), MIX1_HIGH, MIX1_LOW)
  multiply(high, low ^ (high >>> 1), MIX2_HIGH, MIX2_LOW)
  low ^= high >>> 1
}

/** The last bytes of a source as a block that ends in zeros. */
const tail = Buffer.alloc(BLOCK_BYTES)
const result = Buffer.alloc(BLOCK_BYTES)

/** The hash of `source[start, end)`: 16 bytes as a latin1 string, two numbers of 64 bits, big-endian. */
export function murmur3(source: Buffer, start: number, end: number, seed = SEED): string {
  digest(source, start, end, seed)
  return result.toString('latin1')
}

/** The first 64 bits of the hash, in two numbers of `target`, the higher one first. */
export function murmur64(source: Buffer, start: number, end: number, target: Uint32Array): void {
  digest(source, start, end, SEED)
  target[0] = result.readUInt32BE(0)
  target[1] = result.readUInt32BE(4)
}

function digest(source: Buffer, start: number, end: number, seed: number): void {
  let h1High = 0
  let h1Low = seed
  let h2High = 0
  let h2Low = seed
  let at = start
  for (; end - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
    mixFirst(source.readInt32LE(at + 4), source.readInt32LE(at))
    rotateLeft(h1High ^ high, h1Low ^ low, 27)
    add(high, low, h2High, h2Low)
    multiply(high, low, 0, 5)
    add(high, low, 0, N1)
    h1High = high
    h1Low = low
    mixSecond(source.readInt32LE(at + 12), source.readInt32LE(at + 8))
    rotateLeft(h2High ^ high, h2Low ^ low, 31)
    add(high, low, h1High, h1Low)
    multiply(high, low, 0, 5)
    add(high, low, 0, N2)
    h2High = high
    h2Low = low
  }
  tail.fill(0)
  source.copy(tail, 0, at, end)
  mixFirst(tail.readInt32LE(4), tail.readInt32LE(0))
  h1High ^= high
  h1Low ^= low
  mixSecond(tail.readInt32LE(12), tail.readInt32LE(8))
  h2High ^= high
  h2Low ^= low
  h1Low ^= end - start
  h2Low ^= end - start
  finishAll(h1High, h1Low, h2High, h2Low)
}

function finishAll(h1High: number, h1Low: number, h2High: number, h2Low: number): void {
  add(h1High, h1Low, h2High, h2Low)
  const [sum1High, sum1Low] = [high, low]
  add(sum1High, sum1Low, h2High, h2Low)
  const [sum2High, sum2Low] = [high, low]
  finish(sum1High, sum1Low)
  const [mixed1High, mixed1Low] = [high, low]
  finish(sum2High, sum2Low)
  const [mixed2High, mixed2Low] = [high, low]
  add(mixed1High, mixed1Low, mixed2High, mixed2Low)
  result.writeInt32BE(high, 0)
  result.writeInt32BE(low, 4)
  add(high, low, mixed2High, mixed2Low)
  result.writeInt32BE(high, 8)
  result.writeInt32BE(low, 12)
}
