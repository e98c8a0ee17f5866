import { type Duration, parseDuration } from '../time/duration.js'
import { type Windowed, windowEnd } from '../windows/window.js'
import type { ByteWriter } from './byte-writer.js'
import type { AnySerde, Serde } from './serde.js'
import { SerdeError } from './serde-error.js'

const START_BYTES = 8

class WindowedSerde<K> implements Serde<Windowed<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]
  /** A windowed key goes to the partition of the key in it, as in Kafka Streams. */
  readonly partitionSuffix = START_BYTES
  readonly identity?: (value: Windowed<K>) => string

  constructor(
    private readonly inner: Serde<K>,
    private readonly size: number,
  ) {
    this.name = `windowed(${inner.name})`
    this.parts = [inner]
    const innerIdentity = inner.identity
    if (innerIdentity !== undefined) {
      this.identity = ({ key, window }) => {
        const id = innerIdentity(key)
        return `${window.start}${typeof id === 'number' ? '#' : ':'}${id}`
      }
    }
  }

  serialize(value: Windowed<K>, target: ByteWriter): void {
    this.inner.serialize(value.key, target)
    target.writeInt64(value.window.start)
  }

  deserialize(source: Buffer, start: number, end: number): Windowed<K> {
    const startAt = end - START_BYTES
    if (startAt < start) throw new SerdeError(this.name, `at least 8 bytes expected, ${end - start} found`)
    const windowStart = source.readInt32BE(startAt) * 0x1_0000_0000 + source.readUInt32BE(startAt + 4)
    if (!Number.isSafeInteger(windowStart) || windowStart < 0) {
      throw new SerdeError(this.name, `window start ${windowStart} is no time`)
    }
    return {
      key: this.inner.deserialize(source, start, startAt),
      window: { start: windowStart, end: windowEnd(windowStart, this.size) },
    }
  }
}

/**
 * The key of a time window as Kafka Streams writes it to topics: the key, then the window's start in 8 bytes. The end
 * is not in the bytes, so reading needs the size.
 */
export const windowed = <K>(key: Serde<K>, options: { readonly size: Duration }): Serde<Windowed<K>> =>
  new WindowedSerde(key, parseDuration('windowed size', options.size, { min: 1 }))
