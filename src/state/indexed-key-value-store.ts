import type { Serde } from '../serdes/serde.js'
import type { ChangelogWriter } from './changelog-writer.js'
import { LocalKeyValueStore } from './local-key-value-store.js'
import type { StagedStore, StoreContext } from './local-store.js'
import { PagedKeys } from './paged-keys.js'
import type { Steps } from './steps.js'
import type { KeyValueStoreDefinition } from './store-definition.js'
import type { WriteBatch } from './write-batch.js'

/**
 * A key-value store whose rows can be read in an order within a record. It has a list of their places in that order,
 * in pages that are forgotten as rows are when memory is short.
 */
export abstract class IndexedKeyValueStore<K, V> extends LocalKeyValueStore<K, V> {
  /** As latin1 strings: these compare as the bytes do. */
  protected readonly places: PagedKeys
  private loaded: boolean

  constructor(definition: KeyValueStoreDefinition<K, V>, id: number, context: StoreContext, onDisk: boolean) {
    super(definition, id, context, onDisk)
    this.places = new PagedKeys(id, context)
    this.loaded = !onDisk
  }

  /** Takes note of a row on disk: of its key there, and what is stored. */
  protected abstract found(rowKey: Buffer, stored: Buffer): void

  /** Finds the rows on disk; to be awaited before the first record, when the disk has changed behind the store. */
  async loadPlaces(): Promise<void> {
    if (this.loaded) return
    this.forgetPlaces()
    await this.readRows(
      (rowKey, stored) => this.found(rowKey, stored),
      () => this.places.spill(),
    )
    this.loaded = true
  }

  protected bytesOf<T>(key: T, serde: Serde<T>): string {
    const { scratch } = this.context
    scratch.reset()
    serde.serialize(key, scratch)
    return scratch.buffer.toString('latin1', 0, scratch.position)
  }

  protected keyOf(bytes: string): K {
    const buffer = Buffer.from(bytes, 'latin1')
    return this.key.deserialize(buffer, 0, buffer.length)
  }

  protected forgetPlaces(): void {
    this.places.clear()
  }

  override *stage(batch: WriteBatch, changelog: ChangelogWriter): Steps<StagedStore> {
    const staged = yield* super.stage(batch, changelog)
    this.places.stage(batch)
    return staged
  }

  protected override dropRows(): void {
    super.dropRows()
    this.forgetPlaces()
    this.loaded = false
  }

  override replaced(rows: boolean): void {
    super.replaced(rows)
    this.forgetPlaces()
    this.loaded = false
  }

  override close(): void {
    super.close()
    this.places.close()
  }
}
