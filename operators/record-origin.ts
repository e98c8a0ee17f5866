import type { ByteWriter } from '../src/serdes/byte-writer.js'
import type { Serde } from '../src/serdes/serde.js'
import { SizedReader, writeSizedText } from '../src/serdes/sized-fields.js'
import type { RecordContext } from './processor.js'

/** Which record of a topic something was made of. A record that is read again has the origin that it had. */
export interface RecordOrigin {
  readonly topic: string
  readonly partition: number
  /** -1: it was made of none. */
  readonly offset: number
  /** Counts what reaches an operator of one record. */
  readonly index: number
}

/** The origin of what no record stands for. */
export const NO_ORIGIN: RecordOrigin = { topic: '', partition: 0, offset: -1, index: 0 }

/** Tells the origin of each record that reaches an operator. */
export class OriginCounter {
  private topic = ''
  private partition = 0
  private offset = -1
  private index = 0

  /** Takes the next record. */
  next({ topic, partition, offset }: RecordContext): void {
    if (offset === this.offset && partition === this.partition && topic === this.topic) {
      this.index++
      return
    }
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.index = 0
  }

  /** Whether the record in hand has an origin. */
  is({ topic, partition, offset, index }: RecordOrigin): boolean {
    return (
      offset === this.offset &&
      offset >= 0 &&
      index === this.index &&
      partition === this.partition &&
      topic === this.topic
    )
  }

  /** The origin of the record in hand. */
  get origin(): RecordOrigin {
    const { topic, partition, offset, index } = this
    return { topic, partition, offset, index }
  }
}

/** Origins, in stores and their changelogs. */
export const recordOrigin: Serde<RecordOrigin> = {
  name: 'origin',

  serialize({ topic, partition, offset, index }: RecordOrigin, target: ByteWriter): void {
    target.writeInt64(offset)
    target.writeInt32(partition)
    target.writeInt32(index)
    writeSizedText(target, topic)
  },

  deserialize(source: Buffer, start: number, end: number): RecordOrigin {
    const reader = new SizedReader(source, start, end, 'origin')
    return { offset: reader.int64(), partition: reader.int32(), index: reader.int32(), topic: reader.text() }
  },
}
