import type { KeyRange, ScanChunk, ScanOptions, StateDatabase, WriteBatch } from '../../src/index.js'

type Entry = readonly [key: Buffer, value: Buffer]

/** A state database as a user may write one, on the public port: rows in a list. */
export class ListedDatabase implements StateDatabase {
  private entries: readonly Entry[] = []
  closed = false

  constructor(readonly location: string) {}

  get(key: Buffer): Buffer | undefined {
    this.requireOpen()
    const found = this.entries.find(([each]) => each.equals(key))
    return found && Buffer.from(found[1])
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return keys.map((key) => this.get(key))
  }

  async write(batch: WriteBatch): Promise<void> {
    this.requireOpen()
    const entries = new Map(this.entries.map((entry) => [entry[0].toString('hex'), entry]))
    for (const [key, value] of batch.operations()) {
      if (value === undefined) entries.delete(key.toString('hex'))
      else entries.set(key.toString('hex'), [key, value])
    }
    this.entries = [...entries.values()].sort(([left], [right]) => left.compare(right))
  }

  scan(range: KeyRange, options: ScanOptions = {}): AsyncIterableIterator<ScanChunk> {
    const found = this.within(range)
    if (options.reverse === true) found.reverse()
    return chunks(found.slice(0, options.limit ?? found.length), options.chunkSize ?? 1000)
  }

  async deleteRange(range: KeyRange, limit: number): Promise<boolean> {
    const found = this.within(range)
    const gone = new Set(found.slice(0, limit))
    this.entries = this.entries.filter((entry) => !gone.has(entry))
    return found.length > limit
  }

  async close(): Promise<void> {
    this.closed = true
  }

  async destroy(): Promise<void> {
    this.entries = []
    this.closed = true
  }

  /** How many rows there are. */
  get size(): number {
    return this.entries.length
  }

  private requireOpen(): void {
    if (this.closed) throw new Error(`${this.location} is closed`)
  }

  private within({ start, end }: KeyRange): Entry[] {
    return this.entries.filter(([key]) => key.compare(start) >= 0 && key.compare(end) < 0)
  }
}

async function* chunks(entries: readonly Entry[], size: number): AsyncIterableIterator<ScanChunk> {
  for (let from = 0; from < entries.length; from += size) {
    const chunk = entries.slice(from, from + size)
    yield {
      keys: chunk.map(([key]) => Buffer.from(key)),
      values: chunk.map(([, value]) => Buffer.from(value)),
    }
  }
}
