import { SortedKeys } from './sorted-keys.js'
import type { KeyRange, ScanChunk, ScanOptions, SynchronousStateDatabase } from './state-database.js'
import { StateError } from './state-errors.js'
import type { LiveRows, StateMemory } from './state-memory.js'
import type { WriteBatch } from './write-batch.js'

const DEFAULT_CHUNK = 1000
/** What a row costs beside its key, twice, and its value, by estimate. */
const ROW_OVERHEAD = 200

/** A state database in memory: for tests, and for state that need not outlive the process. */
export class MemoryStateDatabase implements SynchronousStateDatabase, LiveRows {
  /** Keys as latin1 strings: these compare as the bytes do. */
  private readonly values = new Map<string, Buffer>()
  private readonly keys = new SortedKeys()
  private open = true
  /** Bytes of keys and values. */
  private contentBytes = 0
  readonly rowBytes = 1

  /** @param memory what the rows are counted against; absent: nothing */
  constructor(
    readonly location = 'memory',
    private readonly memory?: StateMemory,
  ) {
    memory?.register(this)
  }

  /** Bytes that the rows take, by estimate. */
  get liveBytes(): number {
    return this.contentBytes + this.keys.size * ROW_OVERHEAD
  }

  /** They are nowhere else. */
  evict(): void {}

  get(key: Buffer): Buffer | undefined {
    this.requireOpen()
    const value = this.values.get(key.toString('latin1'))
    return value === undefined ? undefined : Buffer.from(value)
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    return keys.map((key) => this.get(key))
  }

  writeSync(batch: WriteBatch): void {
    this.requireOpen()
    const { buffer } = batch.bytes
    for (let operation = 0; operation < batch.length; operation++) {
      const key = buffer.toString('latin1', batch.keyStart(operation), batch.keyEnd(operation))
      const valueEnd = batch.valueEnd(operation)
      if (valueEnd < 0) this.delete(key)
      else this.set(key, Buffer.from(buffer.subarray(batch.valueStart(operation), valueEnd)))
    }
  }

  async write(batch: WriteBatch): Promise<void> {
    this.writeSync(batch)
  }

  scan(range: KeyRange, options: ScanOptions = {}): AsyncIterableIterator<ScanChunk> {
    this.requireOpen()
    const keys = this.keysOf(range)
    if (options.reverse === true) keys.reverse()
    if (options.limit !== undefined && options.limit < keys.length) keys.length = Math.max(0, options.limit)
    // Values are never changed in place, so the references taken now are the snapshot.
    const values = keys.map((key) => this.values.get(key)!)
    return chunksOf(keys, values, options.chunkSize ?? DEFAULT_CHUNK)
  }

  async deleteRange(range: KeyRange, limit: number): Promise<boolean> {
    this.requireOpen()
    const keys = this.keysOf(range)
    for (const key of keys.slice(0, limit)) this.delete(key)
    return keys.length > limit
  }

  async close(): Promise<void> {
    this.open = false
    this.memory?.unregister(this)
  }

  async destroy(): Promise<void> {
    await this.close()
    this.contentBytes = 0
    this.values.clear()
    this.keys.clear()
  }

  private keysOf({ start, end }: KeyRange): string[] {
    return this.keys.between(Buffer.from(start).toString('latin1'), Buffer.from(end).toString('latin1'))
  }

  private set(key: string, value: Buffer): void {
    const before = this.values.get(key)
    if (before === undefined) {
      this.keys.add(key)
      this.contentBytes += 2 * key.length
    }
    this.contentBytes += value.length - (before?.length ?? 0)
    this.values.set(key, value)
  }

  private delete(key: string): void {
    const before = this.values.get(key)
    if (before === undefined) return
    this.values.delete(key)
    this.keys.delete(key)
    this.contentBytes -= 2 * key.length + before.length
  }

  private requireOpen(): void {
    if (!this.open) throw new StateError('STATE_CLOSED', `state database ${this.location} is closed`)
  }
}

async function* chunksOf(
  keys: readonly string[],
  values: readonly Buffer[],
  size: number,
): AsyncIterableIterator<ScanChunk> {
  for (let from = 0; from < keys.length; from += size) {
    yield {
      keys: keys.slice(from, from + size).map((key) => Buffer.from(key, 'latin1')),
      values: values.slice(from, from + size).map((value) => Buffer.from(value)),
    }
  }
}
