import { ByteWriter } from '../../src/serdes/byte-writer.js'

const TURNS = 20
const WARM_UP = 100

/** Bytes of JavaScript heap that work takes. Needs `--expose-gc` and a young generation that holds all of it. */
const allocatedBy = (work: () => void): number => {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  work()
  return process.memoryUsage().heapUsed - before
}

/**
 * What work takes of the heap per item, once it is compiled: the least of several turns, since what compiling allocates
 * meanwhile is no cost of an item. `after` is done behind each turn and not counted.
 */
export function heapBytesPer(items: number, work: () => void, after: () => void = () => {}): number {
  for (let turn = 0; turn < WARM_UP; turn++) {
    work()
    after()
  }
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < TURNS; turn++) {
    least = Math.min(least, allocatedBy(work))
    after()
  }
  return least / items
}

/** Bytes that work moves from one buffer to another, or within one. Texts and numbers that are written are not copied. */
export function bytesCopiedBy(work: () => void): number {
  let copied = 0
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array
  const { copy } = Buffer.prototype
  const { set, copyWithin } = typedArray
  const { writeBytes } = ByteWriter.prototype
  Buffer.prototype.copy = function (this: Buffer, ...range: Parameters<typeof copy>) {
    const bytes = copy.apply(this, range)
    copied += bytes
    return bytes
  }
  typedArray.set = function (this: Uint8Array, source, at) {
    copied += source.length
    set.call(this, source, at)
  }
  typedArray.copyWithin = function (this: Uint8Array, target, start, end = this.length) {
    copied += end - start
    copyWithin.call(this, target, start, end)
    return this as ReturnType<typeof copyWithin>
  }
  // By a loop where they are few, by `set` where they are many.
  ByteWriter.prototype.writeBytes = function (this: ByteWriter, source, start = 0, end = source.length) {
    const before = copied
    writeBytes.call(this, source, start, end)
    copied = before + end - start
  }
  try {
    work()
  } finally {
    Buffer.prototype.copy = copy
    Object.assign(typedArray, { set, copyWithin })
    ByteWriter.prototype.writeBytes = writeBytes
  }
  return copied
}
