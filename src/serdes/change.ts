import type { ByteWriter } from './byte-writer.js'
import type { AnySerde, Serde } from './serde.js'
import { SerdeError } from './serde-error.js'

/** A row's new value and the one before; null where there is none. */
interface ChangedValue<V> {
  readonly newValue: V | null
  readonly oldValue: V | null
}

const OLD_ONLY = 0
const NEW_ONLY = 1
const BOTH = 2

/** The same with a byte before the flag that says whether the change is the latest; Kafka Streams may send it. */
const WITH_LATEST = 3

class ChangeSerde<V> implements Serde<ChangedValue<V>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly inner: Serde<V>) {
    this.name = `change(${inner.name})`
    this.parts = [inner]
  }

  serialize({ newValue, oldValue }: ChangedValue<V>, target: ByteWriter): void {
    const { inner } = this
    if (newValue !== null && oldValue !== null) {
      this.serializeBoth(newValue, oldValue, target)
    } else if (newValue !== null) {
      inner.serialize(newValue, target)
      target.writeInt8(NEW_ONLY)
    } else if (oldValue !== null) {
      inner.serialize(oldValue, target)
      target.writeInt8(OLD_ONLY)
    } else throw new SerdeError(this.name, 'a change has an old value or a new one')
  }

  private serializeBoth(newValue: V, oldValue: V, target: ByteWriter): void {
    const { inner } = this
    const start = target.position
    inner.serialize(newValue, target)
    const newBytes = Buffer.from(target.buffer.subarray(start, target.position))
    target.position = start
    target.writeVarint(newBytes.length)
    target.writeBytes(newBytes)
    inner.serialize(oldValue, target)
    target.writeInt8(BOTH)
  }

  deserialize(source: Buffer, start: number, end: number): ChangedValue<V> {
    const flag = end > start ? source[end - 1]! : -1
    const kind = flag >= WITH_LATEST ? flag - WITH_LATEST : flag
    const valueEnd = flag >= WITH_LATEST ? end - 2 : end - 1
    if (flag < 0 || kind > BOTH || valueEnd < start) {
      throw new SerdeError(this.name, `${flag} is no kind of change`)
    }
    const { inner } = this
    if (kind === NEW_ONLY) return { newValue: inner.deserialize(source, start, valueEnd), oldValue: null }
    if (kind === OLD_ONLY) return { newValue: null, oldValue: inner.deserialize(source, start, valueEnd) }
    const { value: length, end: newStart } = readVarint(source, start)
    const newEnd = newStart + length
    if (length < 0 || newEnd > valueEnd) throw new SerdeError(this.name, `${length} is no length of a value`)
    return {
      newValue: inner.deserialize(source, newStart, newEnd),
      oldValue: inner.deserialize(source, newEnd, valueEnd),
    }
  }
}

/** Reads a zigzag varint of 32 bits. */
function readVarint(source: Buffer, start: number): { value: number; end: number } {
  let bits = 0
  let at = start
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = source[at++]!
    bits |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return { value: (bits >>> 1) ^ -(bits & 1), end: at }
}

/**
 * The changes of a table's rows as Kafka Streams writes them to repartition topics (KIP-904): the new value, the old
 * one or both, and a byte at the end that says which; before two values the length of the new one.
 */
export const change = <V>(value: Serde<V>): Serde<ChangedValue<V>> => new ChangeSerde(value)
