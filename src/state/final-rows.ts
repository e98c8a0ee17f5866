import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import { INT64_BYTES, readInt64 } from './row-layout.js'
import { SortedKeys } from './sorted-keys.js'
import type { FinalStore, StoreEntry } from './store.js'

/** What a key costs in memory beside its bytes, by estimate. */
const KEY_OVERHEAD = 64
/** After every place. */
const END = '\u0100'

/** The position that a place begins with. */
const timeIn = (place: string): number => readInt64(Buffer.from(place.slice(0, INT64_BYTES), 'latin1'), 0)

/** Reads a row: `position` is where it lies in time. */
type Reader<K, V> = (key: K, start: number, position: number) => StoreEntry<K, V> | undefined

/**
 * The rows of a store of windows that have not been handed out yet because their windows are open: their places, in
 * order of position, start and key, in memory; the rows themselves stay in the store.
 */
export class FinalRows<K, V> implements FinalStore<K, V> {
  private readonly places = new SortedKeys()
  private readonly writer = new ByteWriter(256)
  private placeLength = 0
  /** Whether the places of rows on disk are known. */
  loaded: boolean

  constructor(
    private readonly key: Serde<K>,
    private readonly read: Reader<K, V>,
    /** Lets rows expire by a position, but none from `open` on. */
    private readonly expire: (position: number, open: number) => void,
    empty: boolean,
  ) {
    this.loaded = empty
  }

  /** Takes note of a row that got a value or lost it. */
  changed(key: K, start: number, position: number, has: boolean): void {
    const place = this.placeOf(key, start, position)
    if (has) this.add(place)
    else if (this.places.first(place, `${place}\0`) !== undefined) this.places.delete(place)
  }

  /** Takes note of a row on disk; `key` is serialized. */
  found(key: Buffer, start: number, position: number): void {
    const { writer } = this
    writer.reset()
    writer.writeInt64(position)
    writer.writeInt64(start)
    writer.writeBytes(key)
    this.add(writer.view().toString('latin1'))
  }

  takeClosed(upTo: number): StoreEntry<K, V> | undefined {
    for (let place = this.first(upTo); place !== undefined; place = this.first(upTo)) {
      this.places.delete(place)
      const bytes = Buffer.from(place, 'latin1')
      const key = this.key.deserialize(bytes, 2 * INT64_BYTES, bytes.length)
      const row = this.read(key, readInt64(bytes, INT64_BYTES), readInt64(bytes, 0))
      if (row?.value !== undefined) return row
    }
    return undefined
  }

  forgetClosed(upTo: number): void {
    for (let place = this.first(upTo); place !== undefined; place = this.first(upTo))
      this.places.delete(place)
  }

  expireBy(position: number): void {
    const place = this.places.first('', END)
    const open = place === undefined ? Number.POSITIVE_INFINITY : timeIn(place)
    this.expire(position, open)
  }

  /** Bytes of the places, by estimate. */
  get bytes(): number {
    return this.places.size * (KEY_OVERHEAD + this.placeLength)
  }

  /** Forgets all places; those on disk are to be found again. */
  clear(empty: boolean): void {
    this.places.clear()
    this.loaded = empty
  }

  private add(place: string): void {
    this.placeLength = place.length
    this.places.add(place)
  }

  private first(upTo: number): string | undefined {
    if (upTo < 0) return undefined
    const { writer } = this
    writer.reset()
    writer.writeInt64(upTo + 1)
    return this.places.first('', writer.view().toString('latin1'))
  }

  private placeOf(key: K, start: number, position: number): string {
    const { writer } = this
    writer.reset()
    writer.writeInt64(position)
    writer.writeInt64(start)
    this.key.serialize(key, writer)
    return writer.view().toString('latin1')
  }
}
