import type { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'

/** Taken for a row before any was seen. */
const ASSUMED_BYTES = 64
/**
 * Bytes that a live row takes on the heap: the row itself, its place in the map and its numbers, and then some for
 * each serialized byte of key and value. Measured: 182 at 32 serialized bytes (an int64), 254 at 75 (JSON); what is
 * above that is for the garbage collector.
 */
const LIVE_OVERHEAD = 180
const LIVE_FACTOR = 2
/** What was known before counts as much as so many rows. */
const MEMORY_ROWS = 4

/** What a row of a store weighs: a running mean over the rows that were serialized. */
export class RowSize<K, V> {
  /** Mean bytes of key and value, serialized. */
  serialized = ASSUMED_BYTES

  constructor(
    private readonly key: Serde<K>,
    private readonly value: Serde<V>,
    private readonly scratch: ByteWriter,
  ) {}

  /** Mean bytes that a row takes in memory. */
  get live(): number {
    return LIVE_OVERHEAD + LIVE_FACTOR * this.serialized
  }

  /** Weighs one row: rows may grow long before they are next serialized for a commit. */
  sample(key: K, value: V): void {
    const { scratch } = this
    scratch.reset()
    this.key.serialize(key, scratch)
    this.value.serialize(value, scratch)
    this.learn(scratch.position, 1)
  }

  /** Takes note of rows that were serialized. */
  learn(bytes: number, rows: number): void {
    if (rows === 0) return
    this.serialized += (bytes / rows - this.serialized) * (rows / (rows + MEMORY_ROWS))
  }
}
