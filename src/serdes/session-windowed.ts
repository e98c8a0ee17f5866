import type { Windowed } from '../windows/window.js'
import type { ByteWriter } from './byte-writer.js'
import type { AnySerde, Serde } from './serde.js'
import { SerdeError } from './serde-error.js'

const TIME_BYTES = 8
const SUFFIX_BYTES = 2 * TIME_BYTES

class SessionWindowedSerde<K> implements Serde<Windowed<K>> {
  readonly name: string
  readonly parts: readonly AnySerde[]
  /** A session's key goes to the partition of the key in it, as in Kafka Streams. */
  readonly partitionSuffix = SUFFIX_BYTES
  readonly identity?: (value: Windowed<K>) => string

  constructor(private readonly inner: Serde<K>) {
    this.name = `sessionWindowed(${inner.name})`
    this.parts = [inner]
    const innerIdentity = inner.identity
    if (innerIdentity !== undefined) {
      this.identity = ({ key, window }) => {
        const id = innerIdentity(key)
        return `${window.end},${window.start}${typeof id === 'number' ? '#' : ':'}${id}`
      }
    }
  }

  serialize({ key, window }: Windowed<K>, target: ByteWriter): void {
    this.inner.serialize(key, target)
    target.writeInt64(window.end)
    target.writeInt64(window.start)
  }

  deserialize(source: Buffer, start: number, end: number): Windowed<K> {
    const innerEnd = end - SUFFIX_BYTES
    if (innerEnd < start)
      throw new SerdeError(this.name, `at least ${SUFFIX_BYTES} bytes expected, ${end - start} found`)
    const window = { start: this.time(source, innerEnd + TIME_BYTES), end: this.time(source, innerEnd) }
    return { key: this.inner.deserialize(source, start, innerEnd), window }
  }

  private time(source: Buffer, at: number): number {
    const time = source.readInt32BE(at) * 0x1_0000_0000 + source.readUInt32BE(at + 4)
    if (!Number.isSafeInteger(time) || time < 0) throw new SerdeError(this.name, `${time} is no time`)
    return time
  }
}

/** The key of a session as Kafka Streams writes it to topics: the key, then the session's end and start in 8 bytes each. */
export const sessionWindowed = <K>(key: Serde<K>): Serde<Windowed<K>> => new SessionWindowedSerde(key)
