import { SchemaPendingError } from '../serdes/schema-pending-error.js'
import { isValidTimestamp } from '../time/timestamp-policies.js'
import type { AnyLocalStore } from './local-store.js'
import { ROW, writePrefix } from './row-layout.js'
import type { AnyStoreDefinition } from './store-definition.js'
import { type ChangelogRecord, StoreRestore } from './store-restore.js'
import type { WriteBatch } from './write-batch.js'

/**
 * Turns the records of a topic of the user's into the rows that processing made of them. They go through the serdes:
 * others may have written other bytes for the same key. What cannot be read was skipped when it was processed, for
 * its offset is committed, and is skipped here.
 */
export class SourceTopicRestore extends StoreRestore {
  constructor(
    store: AnyLocalStore,
    private readonly definition: AnyStoreDefinition,
    apply: (batch: WriteBatch, nextOffset: number) => Promise<void>,
  ) {
    super(store, apply)
  }

  /** @throws {SchemaPendingError} if the record is to be added again when its schema is there */
  override add(record: ChangelogRecord): void {
    if (record.keyEnd < 0 || !isValidTimestamp(record.timestamp)) return
    const { bytes } = this.batch
    const before = bytes.position
    try {
      this.addRow(record)
    } catch (error) {
      bytes.position = before
      if (error instanceof SchemaPendingError) throw error
    }
  }

  private addRow({ buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp }: ChangelogRecord): void {
    const { batch, definition } = this
    const { bytes } = batch
    const key: unknown = definition.key.deserialize(buffer, keyStart, keyEnd)
    const value: unknown = valueEnd < 0 ? null : definition.value.deserialize(buffer, valueStart, valueEnd)
    if (key === null || key === undefined) return
    const start = bytes.position
    writePrefix(bytes, this.store.id, ROW)
    definition.key.serialize(key, bytes)
    const end = bytes.position
    if (value === null || value === undefined) {
      batch.del(start, end)
      return
    }
    bytes.writeInt64(timestamp)
    definition.value.serialize(value, bytes)
    batch.put(start, end, end, bytes.position)
  }
}
