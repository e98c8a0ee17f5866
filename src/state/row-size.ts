import type { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import { HeapSize } from './heap-size.js'

/** Taken for a row before any was seen. */
const ASSUMED_BYTES = 64
/**
 * The row itself, its place in the map and its numbers. Measured in all: 182 bytes a row with an int64 (32 of them its
 * key's), 254 with a flat JSON object of 75 bytes.
 */
const ROW_BYTES = 150
/**
 * V8 lets the heap grow to four times what a collection has left before it collects again (measured, with its default
 * limit), and rows come and go: what is forgotten stays on the heap for as long. This factor keeps the peak of resident
 * memory within the budget and a quarter of a gigabyte (`npm run bench -- memory`).
 */
export const GARBAGE_FACTOR = 4
/** What was known before counts as much as so many rows. */
const MEMORY_ROWS = 4

/** What a row of a store weighs: running means over the rows that were serialized, and over samples. */
export class RowSize<K, V> {
  /** Mean bytes of key and value, serialized. */
  serialized = ASSUMED_BYTES
  /** Mean bytes on the heap of key and value for each byte of them serialized. */
  private heapPerByte = 1
  private readonly heapSize = new HeapSize()

  constructor(
    private readonly key: Serde<K>,
    private readonly value: Serde<V>,
    private readonly scratch: ByteWriter,
  ) {}

  /** Mean bytes that a row takes on the heap. */
  get heap(): number {
    return ROW_BYTES + this.heapPerByte * this.serialized
  }

  /** Mean bytes that a row costs which stays until it is forgotten: itself, and what others like it have left behind. */
  get live(): number {
    return GARBAGE_FACTOR * this.heap
  }

  /** Weighs one row: rows may grow long before they are next serialized for a commit. */
  sample(key: K, value: V): void {
    const { scratch, heapSize } = this
    scratch.reset()
    this.key.serialize(key, scratch)
    const keyBytes = scratch.position
    this.value.serialize(value, scratch)
    const bytes = scratch.position
    this.learn(bytes, 1)
    // A key that is no primitive stands beside its identity, a string of its bytes.
    const identity = typeof key === 'object' ? keyBytes : 0
    const perByte = (heapSize.of(key) + heapSize.of(value) + identity) / Math.max(1, bytes)
    this.heapPerByte += (perByte - this.heapPerByte) / (1 + MEMORY_ROWS)
  }

  /** Takes note of rows that were serialized. */
  learn(bytes: number, rows: number): void {
    if (rows === 0) return
    this.serialized += (bytes / rows - this.serialized) * (rows / (rows + MEMORY_ROWS))
  }
}
