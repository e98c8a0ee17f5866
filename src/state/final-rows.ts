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
  private loaded = false
  earliest = Number.POSITIVE_INFINITY
  /** Whether there is a row just there. */
  private exact = true

  constructor(
    private readonly key: Serde<K>,
    private readonly read: Reader<K, V>,
    storeId: number,
    pages: PageContext,
  ) {
    this.places = new PagedKeys(storeId, pages)
  }

  /** Takes note of a row that got a value or lost it. */
  changed(key: K, start: number, position: number, has: boolean): void {
    const place = this.placeOf(key, start, position)
    if (has) {
      this.places.add(place)
      if (position < this.earliest) this.earliest = position
    } else if (this.places.has(place)) {
      this.places.delete(place)
      if (position === this.earliest) this.exact = false
    }
  }

  /** Takes note of a row on disk; `key` is serialized. */
  found(key: Buffer, start: number, position: number): void {
    const { writer } = this
    writer.reset()
    writer.writeInt64(position)
    writer.writeInt64(start)
    writer.writeBytes(key)
    this.places.add(writer.view().toString('latin1'))
    if (position < this.earliest) this.earliest = position
  }

  takeClosed(upTo: number): StoreEntry<K, V> | undefined {
    for (let place = this.first(upTo); place !== undefined; place = this.first(upTo)) {
      this.places.delete(place)
      this.exact = false
      const bytes = Buffer.from(place, 'latin1')
      const key = this.key.deserialize(bytes, 2 * INT64_BYTES, bytes.length)
      const row = this.read(key, readInt64(bytes, INT64_BYTES), readInt64(bytes, 0))
      if (row?.value !== undefined) return row
    }
    this.firstPosition()
    return undefined
  }

  forgetClosed(upTo: number): void {
    if (upTo < this.earliest) return
    this.places.deleteBefore(this.placeAfter(upTo))
    this.exact = false
  }

  skipClosed(count: number): void {
    this.places.deleteFirst(count)
    this.exact = false
  }

  /** Where the first row lies that was not handed out; infinite: there is none. */
  firstPosition(): number {
    if (this.exact) return this.earliest
    const place = this.places.first('', END)
    this.earliest = place === undefined ? Number.POSITIVE_INFINITY : timeIn(place)
    this.exact = true
    return this.earliest
  }

  /** Has the epoch that ends take places along, if memory is short. */
  stage(batch: WriteBatch): void {
    this.places.stage(batch)
  }

  /** Writes places down if memory is short, while they are being found. */
  spill(): Promise<void> {
    return this.places.spill()
  }

  /** Forgets all places; those of rows on disk are to be found again. */
  clear(): void {
    this.places.clear()
    this.earliest = Number.POSITIVE_INFINITY
    this.exact = true
    this.loaded = false
  }

  /** Whether rows on disk are to be found. They are from now on. */
  beginLoading(): boolean {
    const { loaded } = this
    if (!loaded) this.clear()
    this.loaded = true
    return !loaded
  }

  close(): void {
    this.places.close()
  }

  private first(upTo: number): string | undefined {
    return upTo < 0 ? undefined : this.places.first('', this.placeAfter(upTo))
  }

  /** Where the places of a position end. */
  private placeAfter(position: number): string {
    const { writer } = this
    writer.reset()
    writer.writeInt64(position + 1)
    return writer.view().toString('latin1')
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
