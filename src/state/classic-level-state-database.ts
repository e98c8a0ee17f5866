import { setImmediate as nextTurn } from 'node:timers/promises'
import { type ChainedBatch, ClassicLevel, type Iterator } from 'classic-level'
import { findDamage } from './level-integrity.js'
import type { KeyRange, ScanChunk, ScanOptions, StateDatabase } from './state-database.js'
import { StateCorruptError, StateDirectoryLockedError, StateIoError } from './state-errors.js'
import type { WriteBatch } from './write-batch.js'

/** How many operations are handed to LevelDB before the event loop gets a turn: about a millisecond's work. */
const SLICE = 1000
const DEFAULT_CHUNK = 1000
const WRITE_BUFFER_BYTES = 8 * 1024 * 1024
const CACHE_BYTES = 8 * 1024 * 1024
/** What an open database takes: the buffer that is filled, the one that is written out, and blocks read. */
const MEMORY_BYTES = 2 * WRITE_BUFFER_BYTES + CACHE_BYTES

/** Plain views are made in half the time of Buffers, two of them an operation (measured). */
type Level = ClassicLevel<Uint8Array, Uint8Array>

/** A state database in LevelDB, a directory on disk. What was written survives the death of the process. */
export class ClassicLevelStateDatabase implements StateDatabase {
  readonly memoryBytes = MEMORY_BYTES

  private constructor(private readonly level: Level) {}

  /**
   * Opens the database of a directory, making it where there is none.
   *
   * @throws {StateDirectoryLockedError} if someone has it open
   * @throws {StateCorruptError} if it is not what was written
   * @throws {StateIoError} if the file system does not let it be made or read
   */
  static async open(directory: string): Promise<ClassicLevelStateDatabase> {
    // Before: it begins to open at once, which rewrites the log. The verdict waits until it is ours: another owner may
    // be writing.
    const damage = await findDamage(directory)
    const level: Level = new ClassicLevel(directory, {
      keyEncoding: 'view',
      valueEncoding: 'view',
      writeBufferSize: WRITE_BUFFER_BYTES,
      cacheSize: CACHE_BYTES,
    })
    try {
      await level.open()
    } catch (error) {
      throw openFailure(error, directory)
    }
    if (damage !== undefined) {
      await level.close()
      throw new StateCorruptError(directory, { cause: new Error(damage) })
    }
    return new ClassicLevelStateDatabase(level)
  }

  /** Deletes the database of a directory that no one has open. */
  static destroy(directory: string): Promise<void> {
    return ClassicLevel.destroy(directory)
  }

  get location(): string {
    return this.level.location
  }

  get(key: Buffer): Buffer | undefined {
    try {
      return bufferIn(this.level.getSync(key))
    } catch (error) {
      throw this.failure(error)
    }
  }

  async write(batch: WriteBatch): Promise<void> {
    const { length } = batch
    if (length === 0) return
    const level = this.level.batch()
    try {
      for (let from = 0; from < length; from += SLICE) {
        if (from > 0) await nextTurn()
        append(level, batch, from, Math.min(from + SLICE, length))
      }
      await level.write()
    } catch (error) {
      await level.close()
      throw this.failure(error)
    }
  }

  async getMany(keys: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    try {
      return (await this.level.getMany([...keys])).map(bufferIn)
    } catch (error) {
      throw this.failure(error)
    }
  }

  scan(range: KeyRange, options: ScanOptions = {}): AsyncIterableIterator<ScanChunk> {
    const { limit = -1, reverse = false, chunkSize = DEFAULT_CHUNK } = options
    // The iterator's snapshot is taken here, not when the first chunk is asked for.
    return this.chunks(this.level.iterator({ ...bounds(range), limit, reverse }), chunkSize)
  }

  private async *chunks(
    rows: Iterator<Level, Uint8Array, Uint8Array>,
    chunkSize: number,
  ): AsyncIterableIterator<ScanChunk> {
    try {
      for (;;) {
        const entries = await rows.nextv(chunkSize)
        if (entries.length === 0) return
        yield {
          keys: entries.map((entry) => bufferOf(entry[0])),
          values: entries.map((entry) => bufferOf(entry[1])),
        }
      }
    } catch (error) {
      throw this.failure(error)
    } finally {
      await rows.close()
    }
  }

  async deleteRange(range: KeyRange, limit: number): Promise<boolean> {
    try {
      await this.level.clear({ ...bounds(range), limit })
      const left = await this.level.keys({ ...bounds(range), limit: 1 }).all()
      return left.length > 0
    } catch (error) {
      throw this.failure(error)
    }
  }

  /** What is still in the write buffer is not in it. */
  async sizeOf({ start, end }: KeyRange): Promise<number> {
    try {
      return await this.level.approximateSize(Buffer.from(start), Buffer.from(end))
    } catch (error) {
      throw this.failure(error)
    }
  }

  close(): Promise<void> {
    return this.level.close()
  }

  async destroy(): Promise<void> {
    await this.level.close()
    await ClassicLevel.destroy(this.level.location)
  }

  private failure(error: unknown): unknown {
    if (isCorruption(error)) return new StateCorruptError(this.location, { cause: error })
    return isIoFailure(error) ? new StateIoError(this.location, { cause: error }) : error
  }
}

function append(
  level: ChainedBatch<Level, Uint8Array, Uint8Array>,
  batch: WriteBatch,
  from: number,
  to: number,
): void {
  const { buffer: bytes, byteOffset } = batch.bytes.buffer
  for (let operation = from; operation < to; operation++) {
    const keyStart = batch.keyStart(operation)
    const key = new Uint8Array(bytes, byteOffset + keyStart, batch.keyEnd(operation) - keyStart)
    const valueEnd = batch.valueEnd(operation)
    if (valueEnd < 0) {
      level.del(key)
      continue
    }
    const valueStart = batch.valueStart(operation)
    level.put(key, new Uint8Array(bytes, byteOffset + valueStart, valueEnd - valueStart))
  }
}

/** What is read is a Buffer already, as classic-level makes it; nothing is copied. */
const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const bufferIn = (bytes: Uint8Array | undefined): Buffer | undefined =>
  bytes === undefined ? undefined : bufferOf(bytes)

const bounds = ({ start, end }: KeyRange): { gte: Buffer; lt: Buffer } => ({
  gte: Buffer.from(start),
  lt: Buffer.from(end),
})

interface LevelError {
  readonly code?: string
  readonly message: string
  readonly cause?: LevelError
}

/** An error in opening stands behind a general one. */
const causeOf = (error: unknown): LevelError => (error as LevelError).cause ?? (error as LevelError)

/** LevelDB's status is the beginning of the message; synchronous reads give it without a code. */
const isCorruption = (error: unknown): boolean => causeOf(error).message.startsWith('Corruption')

const isIoFailure = (error: unknown): boolean => causeOf(error).message.startsWith('IO error')

function openFailure(error: unknown, directory: string): unknown {
  const { code, message } = causeOf(error)
  if (code === 'LEVEL_LOCKED') return new StateDirectoryLockedError(directory, { cause: error })
  const fileMissing = code === 'LEVEL_IO_ERROR' && message.includes('No such file')
  if (fileMissing || isCorruption(error)) return new StateCorruptError(directory, { cause: error })
  return isIoFailure(error) ? new StateIoError(directory, { cause: error }) : error
}
