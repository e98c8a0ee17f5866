import { ByteWriter } from '../serdes/byte-writer.js'
import type { Serde } from '../serdes/serde.js'
import { type PageContext, PagedKeys } from './paged-keys.js'
import { INT64_BYTES, readInt64 } from './row-layout.js'
import type { FinalStore, StoreEntry } from './store.js'
import type { WriteBatch } from './write-batch.js'

/** After every place. */
const END = '\u0100'

/** The position that a place begins with. */
const timeIn = (place: string): number => readInt64(Buffer.from(place.slice(0, INT64_BYTES), 'latin1'), 0)

/** Reads a row: `position` is where it lies in time. */
type Reader<K, V> = (key: K, start: number, position: number) => StoreEntry<K, V> | undefined

/**
 * The rows of a store of windows that have not been handed out yet because their windows are open: a list of their
 * places, in order of position, start and key; the rows themselves stay in the store.
 */
export class FinalRows<K, V> implements FinalStore<K, V> {
  private readonly places: PagedKeys
  private readonly writer = new ByteWriter(256)
  /** Whether the places of rows on disk are known. */
  loaded: boolean

  constructor(
    private readonly key: Serde<K>,
    private readonly read: Reader<K, V>,
    /** Lets rows expire by a position, but none from `open` on. */
    private readonly expire: (position: number, open: number) => void,
    empty: boolean,
    storeId: number,
    pages: PageContext,
  ) {
    this.loaded = empty
    this.places = new PagedKeys(storeId, pages)
  }

  /** Takes note of a row that got a value or lost it. */
  changed(key: K, start: number, position: number, has: boolean): void {
    const place = this.placeOf(key, start, position)
    if (has) this.places.add(place)
    else if (this.places.has(place)) this.places.delete(place)
  }

  /** Takes note of a row on disk; `key` is serialized. */
  found(key: Buffer, start: number, position: number): void {
    const { writer } = this
    writer.reset()
    writer.writeInt64(position)
    writer.writeInt64(start)
    writer.writeBytes(key)
    this.places.add(writer.view().toString('latin1'))
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

  /** Has the epoch that ends take places along, if memory is short. */
  stage(batch: WriteBatch): void {
    this.places.stage(batch)
  }

  /** Writes places down if memory is short, while they are being found. */
  spill(): Promise<void> {
    return this.places.spill()
  }

  /** Forgets all places; those on disk are to be found again. */
  clear(empty: boolean): void {
    this.places.clear()
    this.loaded = empty
  }

  close(): void {
    this.places.close()
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
