import { ByteWriter } from '../serdes/byte-writer.js'
import { spanPosition } from './bucket.js'
import { encodedSpans } from './bucket-codec.js'
import type { RangeOptions, ReadOnlyWindowStore, ValueAndTimestamp, WindowRow } from './queries.js'
import {
  INT64_BYTES,
  PREFIX_BYTES,
  ROW,
  readInt64,
  VALUE_OFFSET,
  windowRange,
  writePrefix,
} from './row-layout.js'
import type { StateDatabase } from './state-database.js'
import type { SpanStoreDefinition } from './store-definition.js'
import type { WindowLedger } from './window-ledger.js'

/** The committed rows of one segment, of all keys or of one. */
type SegmentRows<K, V> = { readonly row: WindowRow<K, V>; readonly key: Buffer; readonly position: number }[]

/**
 * Reads a store of sessions, or of windows that begin at records: committed rows that have not expired. Windows come
 * in order of their start, sessions in order of their end, and then by start and key.
 */
export class SpanView<K, V> implements ReadOnlyWindowStore<K, V> {
  constructor(
    private readonly database: StateDatabase,
    private readonly storeId: number,
    private readonly definition: SpanStoreDefinition<K, V>,
    private readonly ledger: WindowLedger,
  ) {}

  async get(key: K, windowStart: number): Promise<ValueAndTimestamp<V> | undefined> {
    const [row] = await this.fetch(key, windowStart, windowStart)
    return row && { value: row.value, timestamp: row.timestamp }
  }

  async fetch(key: K, from: number, to: number): Promise<WindowRow<K, V>[]> {
    const segments = this.ledger.between(...this.segmentsOf(from, to))
    const found = await this.database.getMany(segments.map((start) => this.rowKey(key, start)))
    const rows: SegmentRows<K, V> = []
    for (const stored of found) if (stored !== undefined) this.decode(key, EMPTY, stored, from, to, rows)
    return rows.map(({ row }) => row)
  }

  async *fetchAll(
    from: number,
    to: number,
    { limit = Number.POSITIVE_INFINITY, reverse = false }: RangeOptions = {},
  ): AsyncIterableIterator<WindowRow<K, V>> {
    let left = limit
    for await (const rows of this.segments(from, to, reverse)) {
      rows.sort((a, b) => {
        const order = a.position - b.position || a.row.windowStart - b.row.windowStart || a.key.compare(b.key)
        return reverse ? -order : order
      })
      for (const { row } of rows) {
        if (left-- <= 0) return
        yield row
      }
    }
  }

  all(options?: RangeOptions): AsyncIterableIterator<WindowRow<K, V>> {
    return this.fetchAll(0, Number.MAX_SAFE_INTEGER, options)
  }

  /** The rows of segment after segment; all of one moment. */
  private async *segments(
    from: number,
    to: number,
    reverse: boolean,
  ): AsyncIterableIterator<SegmentRows<K, V>> {
    const [first, last] = this.segmentsOf(from, to)
    if (last < first) return
    const range = windowRange(this.storeId, ROW, first, last)
    let present = -1
    let rows: SegmentRows<K, V> = []
    for await (const { keys, values } of this.database.scan(range, { reverse })) {
      for (const [at, stored] of keys.entries()) {
        const segment = readInt64(stored, PREFIX_BYTES)
        if (segment !== present && rows.length > 0) {
          yield rows
          rows = []
        }
        present = segment
        const inner = stored.subarray(PREFIX_BYTES + INT64_BYTES)
        const key = this.definition.key.deserialize(inner, 0, inner.length)
        this.decode(key, inner, values[at]!, from, to, rows)
      }
    }
    if (rows.length > 0) yield rows
  }

  private decode(
    key: K,
    keyBytes: Buffer,
    stored: Buffer,
    from: number,
    to: number,
    rows: SegmentRows<K, V>,
  ): void {
    const { kind, value } = this.definition
    const expiredUpTo = this.ledger.observedStart - this.definition.retention
    for (const { start, end, timestamp, valueStart, valueEnd } of encodedSpans(stored, VALUE_OFFSET)) {
      const position = spanPosition(kind, start, end)
      if (position <= expiredUpTo || start < from || start > to) continue
      const row = {
        key,
        windowStart: start,
        windowEnd: end,
        value: value.deserialize(stored, valueStart, valueEnd),
        timestamp,
      }
      rows.push({ row, key: keyBytes, position })
    }
  }

  /** The first and the last segment in which spans may lie that start from `from` to `to`. */
  private segmentsOf(from: number, to: number): [first: number, last: number] {
    const { kind, segment } = this.definition
    const least = Math.max(0, from, this.ledger.expiredUpTo + 1)
    // A session lies where it ends, which may be long after its start.
    const last = kind === 'session' && to >= from ? this.ledger.greatest : to
    return [least - (least % segment), last]
  }

  private rowKey(key: K, segmentStart: number): Buffer {
    const writer = new ByteWriter(64)
    writePrefix(writer, this.storeId, ROW)
    writer.writeInt64(segmentStart)
    this.definition.key.serialize(key, writer)
    return writer.view()
  }
}

const EMPTY = Buffer.alloc(0)
