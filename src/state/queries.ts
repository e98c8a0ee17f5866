import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import {
  INT64_BYTES,
  kindRange,
  PREFIX_BYTES,
  ROW,
  readInt64,
  VALUE_OFFSET,
  windowRange,
  writePrefix,
} from './row-layout.js'
import { afterPrefix, type KeyRange, type ScanOptions, type StateDatabase } from './state-database.js'
import type { KeyValueStoreDefinition, WindowStoreDefinition } from './store-definition.js'
import type { WindowLedger } from './window-ledger.js'

/** A committed value with its timestamp. */
export interface ValueAndTimestamp<V> {
  readonly value: V
  readonly timestamp: number
}

/** A committed row of a key-value store. */
export interface KeyValueRow<K, V> extends ValueAndTimestamp<V> {
  readonly key: K
}

/** A committed row of a window store. */
export interface WindowRow<K, V> extends KeyValueRow<K, V> {
  readonly windowStart: number
  readonly windowEnd: number
}

export interface RangeOptions {
  readonly reverse?: boolean
  /** Greatest number of rows; default: all. */
  readonly limit?: number
}

/** How rows are read page by page. */
export interface PageOptions<After> extends RangeOptions {
  /** Goes on behind this row, which was the last one of the page before. */
  readonly after?: After | undefined
}

/** Where a row of a window lies among others. */
export type WindowPlace<K> = Pick<WindowRow<K, unknown>, 'key' | 'windowStart' | 'windowEnd'>

/**
 * Reads a key-value store: committed rows only, never those of a transaction under way. Rows come in the order of
 * the keys' serialized bytes, all of one moment.
 */
export interface ReadOnlyKeyValueStore<K, V> {
  get(key: K): Promise<ValueAndTimestamp<V> | undefined>
  /** Rows from a key to another, both included; undefined: from the first, to the last. */
  range(
    from: K | undefined,
    to: K | undefined,
    options?: PageOptions<K>,
  ): AsyncIterableIterator<KeyValueRow<K, V>>
  /** Rows whose serialized key begins with the bytes of `prefix`. */
  prefix<P>(prefix: P, serde: Serde<P>, options?: RangeOptions): AsyncIterableIterator<KeyValueRow<K, V>>
  all(options?: RangeOptions): AsyncIterableIterator<KeyValueRow<K, V>>
  /** Number of rows. Counts them: takes time in proportion. */
  count(): Promise<number>
}

/** Reads a window store: committed rows of windows that have not expired. */
export interface ReadOnlyWindowStore<K, V> {
  /** The row of a key in the window that starts at `windowStart`. */
  get(key: K, windowStart: number): Promise<ValueAndTimestamp<V> | undefined>
  /** The rows of a key in windows that start from `from` to `to`, both included, in order of time. */
  fetch(key: K, from: number, to: number): Promise<WindowRow<K, V>[]>
  /** All rows of windows that start from `from` to `to`, both included, by window and then by key. */
  fetchAll(
    from: number,
    to: number,
    options?: PageOptions<WindowPlace<K>>,
  ): AsyncIterableIterator<WindowRow<K, V>>
  all(options?: RangeOptions): AsyncIterableIterator<WindowRow<K, V>>
}

export class KeyValueView<K, V> implements ReadOnlyKeyValueStore<K, V> {
  constructor(
    private readonly database: StateDatabase,
    private readonly storeId: number,
    private readonly definition: KeyValueStoreDefinition<K, V>,
  ) {}

  async get(key: K): Promise<ValueAndTimestamp<V> | undefined> {
    const stored = this.database.get(this.rowKey(key, this.definition.key))
    return stored === undefined ? undefined : decodeValue(this.definition.value, stored)
  }

  range(
    from: K | undefined,
    to: K | undefined,
    { after, ...options }: PageOptions<K> = {},
  ): AsyncIterableIterator<KeyValueRow<K, V>> {
    const { start, end } = kindRange(this.storeId, ROW)
    const { key } = this.definition
    const range = {
      start: from === undefined ? start : this.rowKey(from, key),
      end: to === undefined ? end : behind(this.rowKey(to, key)),
    }
    const left = after === undefined ? range : restOf(range, this.rowKey(after, key), options)
    return this.rows(left, options)
  }

  prefix<P>(prefix: P, serde: Serde<P>, options?: RangeOptions): AsyncIterableIterator<KeyValueRow<K, V>> {
    const start = this.rowKey(prefix, serde)
    return this.rows({ start, end: afterPrefix(start) }, options)
  }

  all(options?: RangeOptions): AsyncIterableIterator<KeyValueRow<K, V>> {
    return this.rows(kindRange(this.storeId, ROW), options)
  }

  async count(): Promise<number> {
    let count = 0
    for await (const { keys } of this.database.scan(kindRange(this.storeId, ROW))) count += keys.length
    return count
  }

  private rows(range: KeyRange, options?: RangeOptions): AsyncIterableIterator<KeyValueRow<K, V>> {
    return scanRows(this.database, range, options, (key, value) => ({
      key: this.definition.key.deserialize(key, PREFIX_BYTES, key.length),
      ...decodeValue(this.definition.value, value),
    }))
  }

  private rowKey<T>(key: T, serde: Serde<T>): Buffer {
    const writer = new ByteWriter(64)
    writePrefix(writer, this.storeId, ROW)
    serde.serialize(key, writer)
    return writer.view()
  }
}

export class WindowView<K, V> implements ReadOnlyWindowStore<K, V> {
  constructor(
    private readonly database: StateDatabase,
    private readonly storeId: number,
    private readonly definition: WindowStoreDefinition<K, V>,
    private readonly ledger: WindowLedger,
  ) {}

  async get(key: K, windowStart: number): Promise<ValueAndTimestamp<V> | undefined> {
    if (windowStart <= this.ledger.expiredUpTo) return undefined
    const stored = this.database.get(this.rowKey(key, windowStart))
    return stored === undefined ? undefined : decodeValue(this.definition.value, stored)
  }

  async fetch(key: K, from: number, to: number): Promise<WindowRow<K, V>[]> {
    const starts = this.ledger.between(from, to)
    const found = await this.database.getMany(starts.map((start) => this.rowKey(key, start)))
    return found.flatMap((stored, at) => {
      if (stored === undefined) return []
      return [this.row(key, starts[at]!, decodeValue(this.definition.value, stored))]
    })
  }

  fetchAll(
    from: number,
    to: number,
    { after, ...options }: PageOptions<WindowPlace<K>> = {},
  ): AsyncIterableIterator<WindowRow<K, V>> {
    const lowest = Math.max(0, from, this.ledger.expiredUpTo + 1)
    const limited = to < lowest ? { ...options, limit: 0 } : options
    const range = windowRange(this.storeId, ROW, lowest, Math.max(lowest, to))
    const left =
      after === undefined ? range : restOf(range, this.rowKey(after.key, after.windowStart), options)
    return scanRows(this.database, left, limited, (key, value) => {
      const { definition } = this
      const innerKey = definition.key.deserialize(key, PREFIX_BYTES + INT64_BYTES, key.length)
      return this.row(innerKey, readInt64(key, PREFIX_BYTES), decodeValue(definition.value, value))
    })
  }

  all(options?: RangeOptions): AsyncIterableIterator<WindowRow<K, V>> {
    return this.fetchAll(0, Number.MAX_SAFE_INTEGER, options)
  }

  private row(key: K, windowStart: number, value: ValueAndTimestamp<V>): WindowRow<K, V> {
    return { key, windowStart, windowEnd: windowStart + this.definition.windowSize, ...value }
  }

  private rowKey(key: K, windowStart: number): Buffer {
    const writer = new ByteWriter(64)
    writePrefix(writer, this.storeId, ROW)
    writer.writeInt64(windowStart)
    this.definition.key.serialize(key, writer)
    return writer.view()
  }
}

/** The least bytes after a key: the key and a zero. */
const behind = (key: Buffer): Buffer => Buffer.concat([key, Buffer.alloc(1)])

/** What is left of a range behind a row. */
function restOf(range: KeyRange, row: Buffer, { reverse }: RangeOptions): KeyRange {
  if (reverse === true)
    return { start: range.start, end: Buffer.compare(row, range.end) < 0 ? row : range.end }
  const start = behind(row)
  return { start: Buffer.compare(start, range.start) > 0 ? start : range.start, end: range.end }
}

function decodeValue<V>(serde: Serde<V>, stored: Buffer): ValueAndTimestamp<V> {
  return { value: serde.deserialize(stored, VALUE_OFFSET, stored.length), timestamp: readInt64(stored, 0) }
}

/** Rows of a range; the snapshot is of the time of the call. */
function scanRows<R>(
  database: StateDatabase,
  range: KeyRange,
  options: RangeOptions | undefined,
  decode: (key: Buffer, value: Buffer) => R,
): AsyncIterableIterator<R> {
  return decoded(database.scan(range, options as ScanOptions), decode)
}

async function* decoded<R>(
  chunks: ReturnType<StateDatabase['scan']>,
  decode: (key: Buffer, value: Buffer) => R,
): AsyncIterableIterator<R> {
  for await (const { keys, values } of chunks) {
    for (let at = 0; at < keys.length; at++) yield decode(keys[at]!, values[at]!)
  }
}
