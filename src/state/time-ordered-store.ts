import { ByteWriter } from '../serdes/byte-writer.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import { IndexedKeyValueStore } from './indexed-key-value-store.js'
import type { StoreContext } from './local-store.js'
import { INT64_BYTES, PREFIX_BYTES, VALUE_OFFSET } from './row-layout.js'
import type { StoreEntry, TimeOrder, TimeOrderedStore } from './store.js'
import type { KeyValueStoreDefinition } from './store-definition.js'

/** What places begin with: rows that wait come first. */
const WAITS = 0
const NOTE = 1
const AFTER_WAITING = String.fromCharCode(NOTE)
const AFTER_NOTES = String.fromCharCode(NOTE + 1)
const HEAD_BYTES = 1 + INT64_BYTES

/** A key-value store whose rows wait for their turn, in order of time and key. */
export class TimeOrderedKeyValueStore<K, V>
  extends IndexedKeyValueStore<K, V>
  implements TimeOrderedStore<K, V>
{
  waiting = 0
  waitingBytes = 0
  private readonly writer = new ByteWriter(256)

  constructor(
    definition: KeyValueStoreDefinition<K, V>,
    private readonly order: TimeOrder<V>,
    id: number,
    context: StoreContext,
    onDisk: boolean,
  ) {
    super(definition, id, context, onDisk)
  }

  override write(
    entry: StoreEntry<K, V>,
    value: V | undefined,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const { value: oldValue } = entry
    super.write(entry, value, timestamp, headers)
    const key = this.bytesOf(entry.key, this.key)
    if (oldValue !== undefined) this.count(key, oldValue, -1)
    if (value !== undefined) this.count(key, value, 1)
    if (oldValue !== undefined && value !== undefined && this.haveOnePlace(oldValue, value)) return
    if (oldValue !== undefined) this.places.delete(this.placeOf(key, oldValue))
    if (value !== undefined) this.places.add(this.placeOf(key, value))
  }

  first(): StoreEntry<K, V> | undefined {
    return this.rowAt(this.places.first('', AFTER_WAITING))
  }

  firstNote(): StoreEntry<K, V> | undefined {
    if (this.places.size === this.waiting) return undefined
    return this.rowAt(this.places.first(AFTER_WAITING, AFTER_NOTES))
  }

  private rowAt(place: string | undefined): StoreEntry<K, V> | undefined {
    return place === undefined ? undefined : this.entry(this.keyOf(place.slice(HEAD_BYTES)))
  }

  private haveOnePlace(oldValue: V, value: V): boolean {
    const { order } = this
    return order.timeOf(oldValue) === order.timeOf(value) && order.waits(oldValue) === order.waits(value)
  }

  private count(key: string, value: V, sign: 1 | -1): void {
    if (!this.order.waits(value)) return
    this.waiting += sign
    this.waitingBytes += sign * this.order.sizeOf(key.length, value)
  }

  private placeOf(key: string, value: V): string {
    const { writer, order } = this
    writer.reset()
    writer.writeInt8(order.waits(value) ? WAITS : NOTE)
    writer.writeInt64(order.timeOf(value))
    return writer.buffer.toString('latin1', 0, HEAD_BYTES) + key
  }

  protected found(rowKey: Buffer, stored: Buffer): void {
    const value = this.value.deserialize(stored, VALUE_OFFSET, stored.length)
    const key = rowKey.toString('latin1', PREFIX_BYTES)
    this.places.add(this.placeOf(key, value))
    this.count(key, value, 1)
  }

  protected override forgetPlaces(): void {
    super.forgetPlaces()
    this.waiting = 0
    this.waitingBytes = 0
  }
}
