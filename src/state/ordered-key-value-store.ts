import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import { IndexedKeyValueStore } from './indexed-key-value-store.js'
import type { StoreContext } from './local-store.js'
import { PREFIX_BYTES } from './row-layout.js'
import type { OrderedStore, StoreEntry } from './store.js'
import type { KeyValueStoreDefinition } from './store-definition.js'
import { windowStartIn } from './window-row-key.js'

/** After every string of bytes. */
const END = '\u0100'

/** A key-value store whose rows can be read in the order of their serialized keys within a record. */
export class OrderedKeyValueStore<K, V> extends IndexedKeyValueStore<K, V> implements OrderedStore<K, V> {
  private readonly hasWindows: boolean

  constructor(definition: KeyValueStoreDefinition<K, V>, id: number, context: StoreContext, onDisk: boolean) {
    super(definition, id, context, onDisk)
    this.hasWindows = definition.windows !== undefined
  }

  override write(
    entry: StoreEntry<K, V>,
    value: V | undefined,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const had = entry.value !== undefined
    super.write(entry, value, timestamp, headers)
    if (had === (value !== undefined)) return
    const key = this.bytesOf(entry.key, this.key)
    if (had) this.places.delete(key)
    else this.places.add(key)
  }

  range(from: K | undefined, to: K | undefined, reverse = false): IterableIterator<StoreEntry<K, V>> {
    const start = from === undefined ? '' : this.bytesOf(from, this.key)
    // The least bytes after a key are the key and a zero.
    const end = to === undefined ? END : `${this.bytesOf(to, this.key)}\0`
    return this.between(start, end, reverse)
  }

  prefix<P>(prefix: P, serde: Serde<P>, reverse = false): IterableIterator<StoreEntry<K, V>> {
    const start = this.bytesOf(prefix, serde)
    return this.between(start, start + END, reverse)
  }

  next(after: K | undefined): K | undefined {
    const key = this.places.first(after === undefined ? '' : `${this.bytesOf(after, this.key)}\0`, END)
    return key === undefined ? undefined : this.keyOf(key)
  }

  get count(): number {
    return this.places.size
  }

  /** Of rows by windows; these expire where they are read. */
  get observedTime(): number {
    return this.observedStart
  }

  observeTime(time: number): void {
    if (time > this.observedStart) this.observedStart = time
  }

  /** Row by row: rows may be written and deleted meanwhile. */
  private *between(start: string, end: string, reverse: boolean): IterableIterator<StoreEntry<K, V>> {
    const { places } = this
    let next = reverse ? places.last(start, end) : places.first(start, end)
    while (next !== undefined) {
      const row = this.get(this.keyOf(next))
      if (row !== undefined) yield row
      next = reverse ? places.last(start, next) : places.first(`${next}\0`, end)
    }
  }

  protected found(rowKey: Buffer): void {
    this.places.add(rowKey.toString('latin1', PREFIX_BYTES))
    if (this.hasWindows) this.observeTime(windowStartIn(rowKey))
  }

  protected override forgetPlaces(): void {
    super.forgetPlaces()
    this.observedStart = -1
  }
}
