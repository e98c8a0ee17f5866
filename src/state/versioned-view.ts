import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import type { RangeOptions } from './queries.js'
import { INT64_BYTES, int64, ROW, readInt64, VALUE_OFFSET, writePrefix } from './row-layout.js'
import { afterPrefix, type StateDatabase } from './state-database.js'
import { LATEST } from './store.js'
import type { VersionedStoreDefinition } from './store-definition.js'
import { versionKey, versionValue } from './version-key.js'

/** A value and the time that it is valid in. */
export interface Version<V> {
  readonly value: V
  /** Epoch milliseconds. */
  readonly validFrom: number
  /** The time of the next version or of a deletion, epoch milliseconds; Infinity where it is the latest. */
  readonly validTo: number
}

/** A committed version of a key. */
export interface VersionRow<K, V> extends Version<V> {
  readonly key: K
}

/** Reads a versioned store: committed versions only, those that its history retention has not passed (KIP-960). */
export interface ReadOnlyVersionedStore<K, V> {
  /** The version of a key that is valid at a time; without a time, the latest one. */
  get(key: K, asOf?: number): Promise<Version<V> | undefined>
  /** The versions of a key that are valid at any time from `from` to `to`, both included, in order of time (KIP-968). */
  versions(key: K, from?: number, to?: number, options?: RangeOptions): Promise<VersionRow<K, V>[]>
}

/** The one version that is valid at a time, of those that were found for it. */
export function versionOf<V>([row]: readonly VersionRow<unknown, V>[]): Version<V> | undefined {
  return row && { value: row.value, validFrom: row.validFrom, validTo: row.validTo }
}

export class VersionedView<K, V> implements ReadOnlyVersionedStore<K, V> {
  private readonly value: Serde<V | null>

  constructor(
    private readonly database: StateDatabase,
    private readonly storeId: number,
    private readonly definition: VersionedStoreDefinition<K, V>,
    /** The greatest timestamp put. */
    private readonly observedTime: () => number,
  ) {
    this.value = versionValue(definition.value)
  }

  async get(key: K, asOf = Number.MAX_SAFE_INTEGER): Promise<Version<V> | undefined> {
    return versionOf(await this.versions(key, asOf, asOf))
  }

  async versions(
    key: K,
    from = 0,
    to = Number.MAX_SAFE_INTEGER,
    { reverse = false, limit }: RangeOptions = {},
  ): Promise<VersionRow<K, V>[]> {
    const limitTime = this.observedTime() - this.definition.historyRetention
    const found: VersionRow<K, V>[] = []
    let validTo = LATEST
    for await (const { validFrom, value } of this.stored(key)) {
      // What history retention has passed is only read where it is the latest.
      const readable = validTo === LATEST || validTo > limitTime
      const within = validFrom <= to && validTo > from && (validTo === LATEST || to >= limitTime)
      if (value !== null && readable && within) found.push({ key, value, validFrom, validTo })
      if (validFrom <= from) break
      validTo = validFrom
    }
    const inOrder = reverse ? found : found.reverse()
    return inOrder.slice(0, limit)
  }

  /** What is stored of a key, the last first. */
  private async *stored(key: K): AsyncIterableIterator<{ validFrom: number; value: V | null }> {
    const writer = new ByteWriter(64)
    writePrefix(writer, this.storeId, ROW)
    versionKey(this.definition.key).serialize({ key, validFrom: 0 }, writer)
    const versions = writer.copy().subarray(0, -INT64_BYTES)
    const range = { start: Buffer.concat([versions, int64(0)]), end: afterPrefix(versions) }
    for await (const { keys, values } of this.database.scan(range, { reverse: true })) {
      for (const [at, rowKey] of keys.entries()) {
        const stored = values[at]!
        const value = this.value.deserialize(stored, VALUE_OFFSET, stored.length)
        yield { validFrom: readInt64(rowKey, rowKey.length - INT64_BYTES), value }
      }
    }
  }
}
