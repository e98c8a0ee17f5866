import { causeOfClass } from '../../errors/causes.js'
import { StreamsError } from '../../runtime/streams-error.js'
import { ByteWriter } from '../../serdes/byte-writer.js'
import { SchemaPendingError } from '../../serdes/schema-pending-error.js'
import { opens, type Serde } from '../../serdes/serde.js'
import { INT64_BYTES, readInt64 } from '../../state/row-layout.js'
import {
  type AnyStoreDefinition,
  expiresOnRequest,
  hasWindows,
  innerKey,
} from '../../state/store-definition.js'
import type { ChangelogRecord } from '../../state/store-restore.js'
import { isValidTimestamp } from '../../time/timestamp-policies.js'
import { type Window, windowEnd } from '../../windows/window.js'

const SEQUENCE_BYTES = 4

/** What rows of windows leave a store by. */
export interface RowExpiry {
  /** How far behind the greatest position in a partition a row may be, milliseconds. */
  readonly retention: number
  /**
   * Whether rows stay, whatever is written, until the changelog is cut off behind them: the store's own expire by event
   * time, which the changelog does not tell.
   */
  readonly byLogStart: boolean
}

/** What a value is shown as; it must be JSON. */
export type ShowValue = (value: unknown, key: unknown) => unknown

/** How the records of a store's changelog are read: which row they are of, and how that is shown. */
export class RowFormat {
  readonly expiry: RowExpiry | undefined
  /** Whether the topic is one of the user's: others may have written other bytes for the same key, or none that are any. */
  readonly foreign: boolean
  /** Bytes behind the key, for its window. */
  private readonly suffixBytes: number
  private readonly key: Serde<unknown>
  private readonly value: Serde<unknown>
  /** Whether its serdes may have to wait. */
  private readonly opened: boolean
  private readonly writer = new ByteWriter(256)
  private bytes = Buffer.allocUnsafeSlow(1024)

  /** @throws {StreamsError} `FEED_STORE` for a store that has no feed */
  constructor(
    private readonly store: AnyStoreDefinition,
    private readonly show: ShowValue = (value) => value,
  ) {
    const problem = unfit(store)
    if (problem !== undefined) throw new StreamsError('FEED_STORE', `store '${store.name}' ${problem}`)
    this.key = innerKey(store)
    this.value = store.value
    this.opened = opens(this.key) || opens(this.value)
    this.foreign = store.sourceTopic !== undefined
    this.suffixBytes = suffixOf(store)
    this.expiry = expiryOf(store)
  }

  /** What a record cannot be read without yet; undefined: it can be read, or never will. */
  awaitedBy({
    buffer,
    keyStart,
    keyEnd,
    valueStart,
    valueEnd,
  }: ChangelogRecord): SchemaPendingError | undefined {
    if (!this.opened) return undefined
    try {
      if (keyEnd >= 0) this.key.deserialize(buffer, keyStart, keyEnd - this.suffixBytes)
      if (valueEnd >= 0) this.value.deserialize(buffer, valueStart, valueEnd)
    } catch (error) {
      // What is wrong with it otherwise is told where it is taken in, or shown.
      return causeOfClass(error, SchemaPendingError)
    }
    return undefined
  }

  get windowed(): boolean {
    return this.suffixBytes > 0
  }

  /**
   * The identity of a record's row: the bytes of its key, as latin1; undefined: the record is of none.
   *
   * @throws what the serde throws on a key of a user's topic; the engine has skipped it
   */
  idOf({ buffer, keyStart, keyEnd, timestamp }: ChangelogRecord): string | undefined {
    if (!this.foreign) return buffer.toString('latin1', keyStart, keyEnd)
    if (keyEnd < 0 || !isValidTimestamp(timestamp)) return undefined
    const key = this.key.deserialize(buffer, keyStart, keyEnd)
    return isNothing(key) ? undefined : this.idOfKey(key)
  }

  /**
   * The bytes of a key, without its window, as latin1.
   *
   * @throws {SerdeError} or what else the serde throws
   */
  idOfKey(key: unknown): string {
    const { writer } = this
    writer.reset()
    this.key.serialize(key, writer)
    return writer.buffer.toString('latin1', 0, writer.position)
  }

  /**
   * The bytes of a row's value, as latin1; undefined: it is deleted.
   *
   * @throws what the serde throws on a value of a user's topic; the engine has skipped it
   */
  rawValue({ buffer, valueStart, valueEnd }: ChangelogRecord): string | undefined {
    if (valueEnd < 0) return undefined
    const deletes = this.foreign && isNothing(this.value.deserialize(buffer, valueStart, valueEnd))
    return deletes ? undefined : buffer.toString('latin1', valueStart, valueEnd)
  }

  /** The bytes of a row's key without its window. */
  innerId(id: string): string {
    return this.suffixBytes === 0 ? id : id.slice(0, -this.suffixBytes)
  }

  /** A row's key, as an application has it. */
  keyOf(id: string): unknown {
    const end = this.load(id) - this.suffixBytes
    return this.key.deserialize(this.bytes, 0, end)
  }

  /** A row's window; undefined in stores without. */
  windowOf(id: string): Window | undefined {
    const { store, suffixBytes } = this
    if (suffixBytes === 0) return undefined
    const at = this.load(id) - suffixBytes
    const first = readInt64(this.bytes, at)
    if (store.kind === 'session') return { start: readInt64(this.bytes, at + INT64_BYTES), end: first }
    return { start: first, end: windowEnd(first, windowSize(store)) }
  }

  /** What a row's window expires by: its start, a session's end. */
  positionOf(id: string): number {
    return readInt64(this.bytes, this.load(id) - this.suffixBytes)
  }

  /** A row's value, as it is shown. */
  shownValue(id: string, raw: string): unknown {
    const end = this.load(raw)
    const value = this.value.deserialize(this.bytes, 0, end)
    return this.show(value, this.keyOf(id))
  }

  /** Puts a latin1 string where serdes can read it. */
  private load(text: string): number {
    if (text.length > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(text.length * 2)
    return this.bytes.write(text, 0, 'latin1')
  }
}

const isNothing = (value: unknown): boolean => value === null || value === undefined

/** Why a store has no feed. */
function unfit(store: AnyStoreDefinition): string | undefined {
  if (store.kind === 'versioned') return 'is versioned: a feed shows one value of a key'
  if (store.kind === 'keyValue' && store.windows?.retainDuplicates === true) {
    return 'keeps several rows of a key and window: a feed shows one'
  }
  if (!store.logging && store.sourceTopic === undefined) {
    return 'has no changelog, which a feed reads: give it one (logging)'
  }
  return undefined
}

function suffixOf(store: AnyStoreDefinition): number {
  if (!hasWindows(store)) return 0
  return store.kind === 'session' ? 2 * INT64_BYTES : INT64_BYTES + SEQUENCE_BYTES
}

function expiryOf(store: AnyStoreDefinition): RowExpiry | undefined {
  if (store.kind === 'versioned') return undefined
  if (store.kind !== 'keyValue') return { retention: store.retention, byLogStart: expiresOnRequest(store) }
  return store.windows && { retention: store.windows.retention, byLogStart: false }
}

function windowSize(store: AnyStoreDefinition): number {
  if (store.kind === 'window' || store.kind === 'rangedWindow') return store.windowSize
  return store.kind === 'keyValue' ? (store.windows?.size ?? 0) : 0
}
