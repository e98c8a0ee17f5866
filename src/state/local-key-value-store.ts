import type { ChangelogWriter } from './changelog-writer.js'
import { LocalStore, type StoreContext } from './local-store.js'
import type { Row } from './row.js'
import { RowIndex } from './row-index.js'
import { PREFIX_BYTES, ROW, VALUE_OFFSET, writePrefix } from './row-layout.js'
import type { KeyValueStore } from './store.js'
import type { KeyValueStoreDefinition } from './store-definition.js'
import type { WriteBatch } from './write-batch.js'

/** Values by key: live rows over those on disk. */
export class LocalKeyValueStore<K, V> extends LocalStore<K, V> implements KeyValueStore<K, V> {
  private rows = new RowIndex<K, V>()
  /** Whether every row that has a value is in memory: then what is not there needs no look at the disk. */
  private complete: boolean

  /** @param onDisk whether there are rows on disk */
  constructor(
    definition: KeyValueStoreDefinition<K, V>,
    id: number,
    context: StoreContext,
    private onDisk: boolean,
  ) {
    super(definition, id, context)
    this.complete = !onDisk
  }

  get(key: K): Row<K, V> | undefined {
    const identity = this.identityOf(key)
    this.counts.lookups++
    const row = this.rows.get(identity) ?? (this.complete ? undefined : this.load(key, identity, -1, false))
    if (row === undefined || row.value === undefined) return undefined
    row.referenced = true
    return row
  }

  entry(key: K): Row<K, V> {
    return this.entryOf(key, this.complete)
  }

  /** @param absent whether the key is known to have no row, where none is in memory */
  protected entryOf(key: K, absent: boolean): Row<K, V> {
    const identity = this.identityOf(key)
    this.counts.lookups++
    const row = this.rows.get(identity)
    if (row === undefined) return this.load(key, identity, -1, absent)
    row.referenced = true
    return row
  }

  protected stageRow(row: Row<K, V>, batch: WriteBatch, changelog: ChangelogWriter): void {
    const { bytes } = batch
    const keyStart = bytes.position
    writePrefix(bytes, this.id, ROW)
    this.key.serialize(row.key, bytes)
    const keyEnd = bytes.position
    const valueEnd = this.writeValue(row, bytes)
    if (valueEnd < 0) batch.del(keyStart, keyEnd)
    else batch.put(keyStart, keyEnd, keyEnd, valueEnd)
    if (!this.logged) return
    const { buffer } = bytes
    changelog.append(
      this.name,
      buffer,
      keyStart + PREFIX_BYTES,
      keyEnd,
      buffer,
      keyEnd + VALUE_OFFSET,
      valueEnd,
      row.changedAt,
    )
  }

  get rowCount(): number {
    return this.rows.size
  }

  observedStart = -1

  protected expired(): boolean {
    return false
  }

  protected liveRows(): IterableIterator<Row<K, V>> {
    return this.rows.rows()
  }

  protected addRow(row: Row<K, V>): void {
    this.rows.add(row)
  }

  protected removeRow(row: Row<K, V>): void {
    this.rows.delete(row.identity)
    if (row.value !== undefined) this.complete = false
  }

  protected dropRows(): void {
    this.rows = new RowIndex()
    this.complete = !this.onDisk
  }

  persisted({ rows }: { readonly rows: number }): void {
    if (rows > 0) this.onDisk = true
  }

  replaced(rows: boolean): void {
    this.onDisk = rows
    this.complete = !rows
  }
}
