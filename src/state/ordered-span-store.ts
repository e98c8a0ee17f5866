import { ByteWriter } from '../serdes/byte-writer.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Bucket } from './bucket.js'
import type { ChangelogWriter } from './changelog-writer.js'
import { LocalSpanStore } from './local-span-store.js'
import type { StagedStore, StoreContext } from './local-store.js'
import { PagedKeys } from './paged-keys.js'
import type { Row } from './row.js'
import { INT64_BYTES, PREFIX_BYTES } from './row-layout.js'
import type { Steps } from './steps.js'
import type { OrderedSpanStore, StoreEntry } from './store.js'
import type { SpanStoreDefinition } from './store-definition.js'
import type { WindowLedger } from './window-ledger.js'
import type { WriteBatch } from './write-batch.js'

/** After every string of bytes. */
const END = '\u0100'

/**
 * A store of spans that can be read in the order of its keys within a record. It has a list of the keys that have spans
 * in each segment, in order of segment and key: what expires goes from its beginning.
 */
export class OrderedLocalSpanStore<K, V> extends LocalSpanStore<K, V> implements OrderedSpanStore<K, V> {
  /** As rows lie on disk: the segment's start, then the key; latin1 strings, which compare as the bytes do. */
  private readonly places: PagedKeys
  private readonly writer = new ByteWriter(256)
  private loaded = false

  constructor(
    definition: SpanStoreDefinition<K, V>,
    id: number,
    context: StoreContext,
    ledger: WindowLedger,
  ) {
    super(definition, id, context, ledger)
    this.places = new PagedKeys(id, context)
  }

  override write(
    entry: StoreEntry<K, unknown>,
    value: unknown,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const segmentStart = this.segmentOf(entry)
    const had = this.hasSpans(entry.key, segmentStart)
    super.write(entry, value, timestamp, headers)
    if (had === this.hasSpans(entry.key, segmentStart)) return
    if (had) this.places.delete(this.placeOf(entry.key, segmentStart))
    else this.places.add(this.placeOf(entry.key, segmentStart))
  }

  private hasSpans(key: K, segmentStart: number): boolean {
    const bucket = this.get(key, segmentStart)?.value as Bucket<V> | undefined
    return bucket !== undefined && !bucket.empty
  }

  private placeOf(key: K, segmentStart: number): string {
    return this.segmentPlace(segmentStart) + this.bytesOf(key)
  }

  protected override stageRow(row: Row<K, unknown>, batch: WriteBatch, changelog: ChangelogWriter): void {
    const { key, windowStart } = row
    const had = this.hasSpans(key, windowStart)
    super.stageRow(row, batch, changelog)
    // What has expired of a segment is dropped when it is written.
    if (had && !this.hasSpans(key, windowStart)) this.places.delete(this.placeOf(key, windowStart))
  }

  *keys(from: K | undefined, to: K | undefined, earliest: number, reverse = false): IterableIterator<K> {
    let start = from === undefined ? '' : this.bytesOf(from)
    // The least bytes after a key are the key and a zero.
    let end = to === undefined ? END : `${this.bytesOf(to)}\0`
    for (;;) {
      const key = this.nextKey(start, end, earliest, reverse)
      if (key === undefined) return
      const bytes = Buffer.from(key, 'latin1')
      yield this.key.deserialize(bytes, 0, bytes.length)
      if (reverse) end = key
      else start = `${key}\0`
    }
  }

  /** The first key between two in any segment that has something at `earliest` or later; the last one in reverse. */
  private nextKey(start: string, end: string, earliest: number, reverse: boolean): string | undefined {
    const { places } = this
    let next: string | undefined
    for (const segment of this.segmentsFrom(earliest)) {
      const head = this.segmentPlace(segment)
      const place = reverse ? places.last(head + start, head + end) : places.first(head + start, head + end)
      const key = place?.slice(INT64_BYTES)
      if (key !== undefined && (next === undefined || (reverse ? key > next : key < next))) next = key
    }
    return next
  }

  private segmentPlace(segmentStart: number): string {
    const { writer } = this
    writer.reset()
    writer.writeInt64(segmentStart)
    return writer.buffer.toString('latin1', 0, INT64_BYTES)
  }

  private bytesOf(key: K): string {
    const { writer } = this
    writer.reset()
    this.key.serialize(key, writer)
    return writer.buffer.toString('latin1', 0, writer.position)
  }

  override async loadPlaces(): Promise<void> {
    await super.loadPlaces()
    if (this.loaded) return
    this.places.clear()
    await this.readRows(
      (rowKey) => this.places.add(rowKey.toString('latin1', PREFIX_BYTES)),
      () => this.places.spill(),
    )
    this.loaded = true
  }

  override *stage(batch: WriteBatch, changelog: ChangelogWriter): Steps<StagedStore> {
    const staged = yield* super.stage(batch, changelog)
    const [first] = this.segmentsFrom(0)
    if (first !== undefined) this.places.deleteBefore(this.segmentPlace(first))
    this.places.stage(batch)
    return staged
  }

  protected override dropRows(): void {
    super.dropRows()
    this.places.clear()
    this.loaded = false
  }

  override close(): void {
    super.close()
    this.places.close()
  }
}
