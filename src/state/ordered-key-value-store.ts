import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { ChangelogWriter } from './changelog-writer.js'
import { LocalKeyValueStore } from './local-key-value-store.js'
import type { StagedStore, StoreContext } from './local-store.js'
import { PagedKeys } from './paged-keys.js'
import { kindRange, PREFIX_BYTES, ROW } from './row-layout.js'
import type { OrderedStore, StoreEntry } from './store.js'
import type { KeyValueStoreDefinition } from './store-definition.js'
import { windowStartIn } from './window-row-key.js'
import type { WriteBatch } from './write-batch.js'

/** After every string of bytes. */
const END = '\u0100'

/**
 * A key-value store whose rows can be read in order within a record. It has a list of their keys for it, in pages that
 * are forgotten as rows are when memory is short.
 */
export class OrderedKeyValueStore<K, V> extends LocalKeyValueStore<K, V> implements OrderedStore<K, V> {
  /** Keys that have a value, as latin1 strings: these compare as the bytes do. */
  private readonly keys: PagedKeys
  private loaded: boolean
  private readonly hasWindows: boolean

  constructor(definition: KeyValueStoreDefinition<K, V>, id: number, context: StoreContext, onDisk: boolean) {
    super(definition, id, context, onDisk)
    this.keys = new PagedKeys(id, context)
    this.loaded = !onDisk
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
    if (had) this.keys.delete(key)
    else this.keys.add(key)
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
    const key = this.keys.first(after === undefined ? '' : `${this.bytesOf(after, this.key)}\0`, END)
    return key === undefined ? undefined : this.keyOf(key)
  }

  /** Of rows by windows; these expire where they are read. */
  get observedTime(): number {
    return this.observedStart
  }

  observeTime(time: number): void {
    if (time > this.observedStart) this.observedStart = time
  }

  get count(): number {
    return this.keys.size
  }

  /** Row by row: rows may be written and deleted meanwhile. */
  private *between(start: string, end: string, reverse: boolean): IterableIterator<StoreEntry<K, V>> {
    const { keys } = this
    let next = reverse ? keys.last(start, end) : keys.first(start, end)
    while (next !== undefined) {
      const row = this.get(this.keyOf(next))
      if (row !== undefined) yield row
      next = reverse ? keys.last(start, next) : keys.first(`${next}\0`, end)
    }
  }

  private bytesOf<T>(key: T, serde: Serde<T>): string {
    const { scratch } = this.context
    scratch.reset()
    serde.serialize(key, scratch)
    return scratch.buffer.toString('latin1', 0, scratch.position)
  }

  private keyOf(bytes: string): K {
    const buffer = Buffer.from(bytes, 'latin1')
    return this.key.deserialize(buffer, 0, buffer.length)
  }

  /** Reads the keys on disk; to be awaited before the first record, when the disk has changed behind the store. */
  async loadKeys(): Promise<void> {
    if (this.loaded) return
    this.keys.clear()
    for await (const { keys } of this.context.database.scan(kindRange(this.id, ROW))) {
      for (const key of keys) {
        this.keys.add(key.toString('latin1', PREFIX_BYTES))
        if (this.hasWindows) this.observeTime(windowStartIn(key))
      }
      await this.keys.spill()
    }
    this.loaded = true
  }

  override stage(batch: WriteBatch, changelog: ChangelogWriter): StagedStore {
    const staged = super.stage(batch, changelog)
    this.keys.stage(batch)
    return staged
  }

  override close(): void {
    super.close()
    this.keys.close()
  }

  protected override dropRows(): void {
    super.dropRows()
    this.observedStart = -1
    this.keys.clear()
    this.loaded = false
  }

  override replaced(rows: boolean): void {
    super.replaced(rows)
    this.keys.clear()
    this.loaded = false
  }
}
