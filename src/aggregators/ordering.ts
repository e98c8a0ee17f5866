import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'

/** What values can be put in order by. */
export type Rank = number | bigint | string

/** How values are put in order: by a rank of each, or by comparing two. */
export type Ordering<V> =
  | { readonly by: (value: V) => Rank; readonly compare?: undefined }
  | {
      readonly by?: undefined
      /** Negative: the left value is less; positive: it is greater. */
      readonly compare: (left: V, right: V) => number
    }

/** Compares two values; 0 where neither is greater. */
export type Comparison<V> = (left: V, right: V) => number

export function comparisonOf<V>({ by, compare }: Ordering<V>): Comparison<V> {
  if (compare !== undefined) return compare
  return (left, right) => {
    const [leftRank, rightRank] = [by(left), by(right)]
    if (leftRank > rightRank) return 1
    if (leftRank < rightRank) return -1
    // What is no number is the least.
    return Number(Number.isNaN(rightRank)) - Number(Number.isNaN(leftRank))
  }
}

const leftBytes = new ByteWriter()
const rightBytes = new ByteWriter()

/**
 * A comparison that tells any two values apart whose bytes differ, whatever the order in which they came: where neither is
 * greater, the one with the lesser bytes is.
 */
export const totally =
  <V>(compare: Comparison<V>, serde: Serde<V>): Comparison<V> =>
  (left, right) => {
    const order = compare(left, right)
    if (order !== 0 || left === right) return order
    leftBytes.position = 0
    rightBytes.position = 0
    serde.serialize(left, leftBytes)
    serde.serialize(right, rightBytes)
    return rightBytes.buffer.compare(leftBytes.buffer, 0, leftBytes.position, 0, rightBytes.position)
  }
