import type { ByteWriter } from './byte-writer.js'
import type { AnySerde, Serde } from './serde.js'
import { SizedReader, serializeOptional } from './sized-fields.js'

/** A window of a key that is not full yet. */
export interface OpenCountWindow<A> {
  /** The greatest of its records, epoch milliseconds. */
  readonly timestamp: number
  /** Null: none. */
  readonly aggregate: A | null
}

/** Where a key stands in its windows by count. */
export interface CountedWindows<A> {
  /** How many records it has had. */
  readonly seen: number
  /** In the order in which they end. */
  readonly open: readonly OpenCountWindow<A>[]
}

class CountedWindowsSerde<A> implements Serde<CountedWindows<A>> {
  readonly name: string
  readonly parts: readonly AnySerde[]

  constructor(private readonly aggregate: Serde<A>) {
    this.name = `countedWindows(${aggregate.name})`
    this.parts = [aggregate]
  }

  serialize({ seen, open }: CountedWindows<A>, target: ByteWriter): void {
    target.writeInt64(seen)
    target.writeInt32(open.length)
    for (const { timestamp, aggregate } of open) {
      target.writeInt64(timestamp)
      serializeOptional(this.aggregate, aggregate, target)
    }
  }

  deserialize(source: Buffer, start: number, end: number): CountedWindows<A> {
    const reader = new SizedReader(source, start, end, this.name)
    const seen = reader.int64()
    const open: OpenCountWindow<A>[] = []
    for (let left = reader.int32(); left > 0; left--) {
      open.push({ timestamp: reader.int64(), aggregate: reader.optional(this.aggregate) })
    }
    return { seen, open }
  }
}

/** Records seen (8 bytes) and number of windows (4), then of each its timestamp (8), whether it has an aggregate (1), and that behind its length. */
export const countedWindows = <A>(aggregate: Serde<A>): Serde<CountedWindows<A>> =>
  new CountedWindowsSerde(aggregate)
