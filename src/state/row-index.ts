import type { Row } from './row.js'

/** From here on the rows are spread over several maps. */
const SPLIT_AT = 32_768
const SHARDS = 64

/**
 * Live rows by identity. A V8 `Map` rehashes all at once when it grows or has seen many deletions, and holds 2^24
 * entries at most; beyond some ten thousand rows they are spread, so that no such pause is long.
 */
export class RowIndex<K, V> {
  private only: Map<string | number, Row<K, V>> | undefined = new Map()
  private shards: readonly Map<string | number, Row<K, V>>[] = []
  size = 0

  get(identity: string | number): Row<K, V> | undefined {
    const { only } = this
    return only === undefined ? this.shards[shardOf(identity)]!.get(identity) : only.get(identity)
  }

  /** Adds a row whose identity is not there. */
  add(row: Row<K, V>): void {
    if (this.only !== undefined && this.size >= SPLIT_AT) this.split(this.only)
    const map = this.only ?? this.shards[shardOf(row.identity)]!
    map.set(row.identity, row)
    this.size++
  }

  delete(identity: string | number): void {
    const map = this.only ?? this.shards[shardOf(identity)]!
    if (map.delete(identity)) this.size--
  }

  /** All rows; rows may be added and deleted meanwhile. */
  *rows(): IterableIterator<Row<K, V>> {
    if (this.only !== undefined) yield* this.only.values()
    else for (const shard of this.shards) yield* shard.values()
  }

  private split(all: Map<string | number, Row<K, V>>): void {
    this.shards = Array.from({ length: SHARDS }, () => new Map<string | number, Row<K, V>>())
    for (const row of all.values()) this.shards[shardOf(row.identity)]!.set(row.identity, row)
    this.only = undefined
  }
}

/** Spreads by a few characters only: a poor spread costs time at worst, and hashing all of a key always would. */
function shardOf(identity: string | number): number {
  if (typeof identity === 'number') return Math.imul(identity, 0x9e37_79b1) >>> 26
  const { length } = identity
  let hash = length
  for (let from = length > 12 ? length - 8 : 0; from < length; from++) {
    hash = Math.imul(hash, 31) + identity.charCodeAt(from)
  }
  if (length > 12) hash = Math.imul(hash, 31) + identity.charCodeAt(length >> 1)
  return (hash ^ (hash >>> 15)) & (SHARDS - 1)
}
