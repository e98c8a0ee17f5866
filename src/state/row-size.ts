import type { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'

/** Taken for a row before any was seen. */
const ASSUMED_BYTES = 64
/** Bytes that a live row takes on the heap beside its key and value: the row, its place in the map, numbers. */
const LIVE_OVERHEAD = 200
/** Heap bytes of a live key and value for each serialized byte. */
const LIVE_FACTOR = 3
/** So many rows at once outweigh what was known before. */
const FULL_WEIGHT_ROWS = 64

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
    this.serialized += (bytes / rows - this.serialized) * Math.min(1, (4 * rows) / FULL_WEIGHT_ROWS)
  }
}
