import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { AnySerde, Serde } from '../src/serdes/serde.js'
import { SerdeError } from '../src/serdes/serde-error.js'
import { valueList } from '../src/serdes/value-list.js'
import { readInt64 } from '../src/state/row-layout.js'

/** Which of the two streams of a join. The right one comes first where times are equal, as in Kafka Streams. */
export type JoinSide = 0 | 1
export const RIGHT = 0
export const LEFT = 1

/** Records of one side, key and timestamp that have met none of the other side. */
export interface UnmatchedKey<K> {
  readonly side: JoinSide
  readonly timestamp: number
  /** Absent: the place before all keys. */
  readonly key?: K
}

/** Their values, in the order in which they came. */
export interface UnmatchedValues<V> {
  readonly side: JoinSide
  readonly values: readonly V[]
}

const HEAD_BYTES = 9

class UnmatchedKeySerde<K> implements Serde<UnmatchedKey<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<K>) {
    this.name = `unmatched(${inner.name})`
    this.parts = [inner]
  }

  serialize({ side, timestamp, key }: UnmatchedKey<K>, target: ByteWriter): void {
    target.writeInt8(side)
    target.writeInt64(timestamp)
    if (key !== undefined) this.inner.serialize(key, target)
  }

  deserialize(source: Buffer, start: number, end: number): UnmatchedKey<K> {
    if (start + HEAD_BYTES > end) throw new SerdeError(this.name, `at least ${HEAD_BYTES} bytes expected`)
    return {
      side: sideOf(source[start]),
      timestamp: readInt64(source, start + 1),
      key: this.inner.deserialize(source, start + HEAD_BYTES, end),
    }
  }
}

class UnmatchedValuesSerde<L, R> implements Serde<UnmatchedValues<L | R>> {
  readonly name: string
  readonly parts: readonly AnySerde[]
  private readonly left: Serde<readonly L[]>
  private readonly right: Serde<readonly R[]>

  constructor(left: Serde<L>, right: Serde<R>) {
    this.name = `unmatched(${left.name}, ${right.name})`
    this.parts = [left, right]
    this.left = valueList(left)
    this.right = valueList(right)
  }

  serialize({ side, values }: UnmatchedValues<L | R>, target: ByteWriter): void {
    target.writeInt8(side)
    if (side === LEFT) this.left.serialize(values as readonly L[], target)
    else this.right.serialize(values as readonly R[], target)
  }

  deserialize(source: Buffer, start: number, end: number): UnmatchedValues<L | R> {
    if (start >= end) throw new SerdeError(this.name, 'at least 1 byte expected')
    const side = sideOf(source[start])
    return { side, values: (side === LEFT ? this.left : this.right).deserialize(source, start + 1, end) }
  }
}

const sideOf = (byte: number | undefined): JoinSide => (byte === LEFT ? LEFT : RIGHT)

/** Keys in the order of their sides, then of their times: what has waited longest comes first on each side. */
export const unmatchedKey = <K>(key: Serde<K>): Serde<UnmatchedKey<K>> => new UnmatchedKeySerde(key)

export const unmatchedValues = <L, R>(left: Serde<L>, right: Serde<R>): Serde<UnmatchedValues<L | R>> =>
  new UnmatchedValuesSerde(left, right)
