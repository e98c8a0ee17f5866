import { NO_HEADERS } from '../serdes/record-headers.js'
import type { StoreContext } from './local-store.js'
import { OrderedKeyValueStore } from './ordered-key-value-store.js'
import { INT64_BYTES, readInt64 } from './row-layout.js'
import { EXPIRED, LATEST, type StoreEntry, type VersionEntry, type VersionedStore } from './store.js'
import type { VersionedStoreDefinition } from './store-definition.js'
import { type VersionKey, versionKey, versionValue } from './version-key.js'

/** Behind the times of a key, and behind the lengths that places begin with: both are positive. */
const END = '\x80'
/** So many expired versions of a key are deleted when it is put, or when it is its turn: more than a put adds. */
const DELETIONS = 2
/** One in so many puts looks at another key: at keys that are not put any more. */
const PUTS_PER_TURN = 4

/**
 * The versions of each key, a row each: what it held from a time on, until the next row of the key. A deletion is a row
 * as well. What nobody can read any more is deleted a few rows at each put, in the store and in its changelog.
 */
export class LocalVersionedStore<K, V>
  extends OrderedKeyValueStore<VersionKey<K>, V | null>
  implements VersionedStore<K, V>
{
  private readonly retention: number
  /** Where the look for expired versions of keys that are not put goes on. */
  private sweptUpTo = ''
  private puts = 0

  constructor(
    { key, value, historyRetention, ...common }: VersionedStoreDefinition<K, V>,
    id: number,
    context: StoreContext,
    onDisk: boolean,
  ) {
    const rows = { ...common, kind: 'keyValue' as const, key: versionKey(key), value: versionValue(value) }
    super(rows, id, context, onDisk)
    this.retention = historyRetention
  }

  latest(key: K): VersionEntry<K, V> | undefined {
    const versions = versionsOf(this.placeOf(key, 0))
    return this.shown(this.places.last(versions, versions + END))
  }

  asOf(key: K, time: number): VersionEntry<K, V> | undefined {
    if (time < 0) return undefined
    const place = this.placeOf(key, time)
    if (this.keeps(time)) return this.shown(this.places.last(versionsOf(place), behind(place)))
    const latest = this.latest(key)
    return latest !== undefined && latest.key.validFrom <= time ? latest : undefined
  }

  validTo({ key: { key, validFrom } }: VersionEntry<K, V>): number {
    return timeOf(this.following(this.placeOf(key, validFrom)))
  }

  keeps(time: number): boolean {
    return time >= this.limit
  }

  put(key: K, value: V | null, timestamp: number): number {
    if (!this.keeps(timestamp)) return EXPIRED
    this.observeTime(timestamp)
    const place = this.placeOf(key, timestamp)
    const versions = versionsOf(place)
    const found = this.places.first(place, versions + END)
    const next = found === place ? this.following(place) : found
    this.write(this.entryOf({ key, validFrom: timestamp }, found !== place), value, timestamp, NO_HEADERS)
    this.sweep(versions)
    return timeOf(next)
  }

  private shown(place: string | undefined): VersionEntry<K, V> | undefined {
    const row = place === undefined ? undefined : this.get(this.keyOf(place))
    return row?.value === null ? undefined : (row as StoreEntry<VersionKey<K>, V> | undefined)
  }

  private placeOf(key: K, validFrom: number): string {
    return this.bytesOf({ key, validFrom }, this.key)
  }

  /** The place of the version behind another one, of the same key. */
  private following(place: string): string | undefined {
    return this.places.first(behind(place), versionsOf(place) + END)
  }

  /** What was valid before this time only is not read, and nothing is put there. */
  private get limit(): number {
    return this.observedTime - this.retention
  }

  private sweep(versions: string): void {
    this.sweepKey(versions)
    if (++this.puts % PUTS_PER_TURN !== 0) return
    const next = this.places.first(this.sweptUpTo, END)
    this.sweptUpTo = next === undefined ? '' : versionsOf(next)
    if (next !== undefined && this.sweepKey(this.sweptUpTo)) this.sweptUpTo += END
  }

  /** Deletes versions of a key that have expired, from the first on. @returns whether all of them are gone */
  private sweepKey(versions: string): boolean {
    for (let left = DELETIONS; left > 0; left--) {
      const first = this.places.first(versions, versions + END)
      if (first === undefined || !this.isExpired(first)) return true
      const row = this.entry(this.keyOf(first))
      this.write(row, undefined, row.changedAt, NO_HEADERS)
    }
    return false
  }

  /** Whether the first version of a key is of no use: the next one counts, or it is a deletion and the last one. */
  private isExpired(first: string): boolean {
    const next = this.following(first)
    if (next !== undefined) return timeOf(next) <= this.limit
    return timeOf(first) <= this.limit && this.get(this.keyOf(first))?.value === null
  }

  protected override found(rowKey: Buffer): void {
    super.found(rowKey)
    this.observeTime(readInt64(rowKey, rowKey.length - INT64_BYTES))
  }

  protected override forgetPlaces(): void {
    super.forgetPlaces()
    this.sweptUpTo = ''
  }
}

/** What the places of all versions of a key begin with. */
const versionsOf = (place: string): string => place.slice(0, -INT64_BYTES)

/** The least place behind another. */
const behind = (place: string): string => `${place}\0`

/** The time that a place ends with; without a place, that of no version. */
function timeOf(place: string | undefined): number {
  if (place === undefined) return LATEST
  let time = 0
  for (let at = place.length - INT64_BYTES; at < place.length; at++) time = time * 256 + place.charCodeAt(at)
  return time
}
