import type { ByteWriter } from '../serdes/byte-writer.js'
import type { AnySerde, Serde } from '../serdes/serde.js'
import { SerdeError } from '../serdes/serde-error.js'
import { LENGTH_BYTES, serializeSized } from '../serdes/sized-fields.js'
import { INT64_BYTES, readInt64 } from './row-layout.js'

/** A row of a versioned store: what a key held from a time on. */
export interface VersionKey<K> {
  readonly key: K
  /** Epoch milliseconds. */
  readonly validFrom: number
}

/*
 * Length of the key (4), key, time (8): the versions of a key lie together, in order of time, with none of another
 * key's in between.
 */
class VersionKeySerde<K> implements Serde<VersionKey<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<K>) {
    this.name = `version(${inner.name})`
    this.parts = [inner]
  }

  serialize({ key, validFrom }: VersionKey<K>, target: ByteWriter): void {
    serializeSized(this.inner, key, target)
    target.writeInt64(validFrom)
  }

  deserialize(source: Buffer, start: number, end: number): VersionKey<K> {
    const keyStart = start + LENGTH_BYTES
    const keyEnd = end - INT64_BYTES
    if (keyEnd < keyStart || source.readInt32BE(start) !== keyEnd - keyStart) {
      throw new SerdeError(this.name, `${end - start} bytes are no key of a version`)
    }
    return {
      key: this.inner.deserialize(source, keyStart, keyEnd),
      validFrom: readInt64(source, keyEnd),
    }
  }
}

/** Keys of the rows of a versioned store, on disk and in its changelog. */
export const versionKey = <K>(key: Serde<K>): Serde<VersionKey<K>> => new VersionKeySerde(key)

const TOMBSTONE = 0
const VALUE = 1

/** A byte that tells values from deletions, which are rows as well: with them a version ends. */
class VersionValueSerde<V> implements Serde<V | null> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<V>) {
    this.name = `version(${inner.name})`
    this.parts = [inner]
  }

  serialize(value: V | null, target: ByteWriter): void {
    target.writeInt8(value === null ? TOMBSTONE : VALUE)
    if (value !== null) this.inner.serialize(value, target)
  }

  deserialize(source: Buffer, start: number, end: number): V | null {
    const kind = end > start ? source[start] : undefined
    if (kind === TOMBSTONE) return null
    if (kind === VALUE) return this.inner.deserialize(source, start + 1, end)
    throw new SerdeError(this.name, `${kind} is no kind of version`)
  }
}

/** Values of the rows of a versioned store; null: the key was deleted. */
export const versionValue = <V>(value: Serde<V>): Serde<V | null> => new VersionValueSerde(value)
