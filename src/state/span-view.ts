import { ByteWriter } from '../serdes/byte-writer.js'
import { spanPosition } from './bucket.js'
import { encodedSpans } from './bucket-codec.js'
import type {
  PageOptions,
  ReadOnlyWindowStore,
  ValueAndTimestamp,
  WindowPlace,
  WindowRow,
} from './queries.js'
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

/** A committed row, with what decides where it lies among others. */
interface PlacedRow<K, V> {
  readonly row: WindowRow<K, V>
  readonly key: Buffer
  readonly position: number
}

/** Rows of all keys that are put in order at a time: a segment may have many more. */
const PAGE_ROWS = 20_000

const inOrder = (a: PlacedRow<unknown, unknown>, b: PlacedRow<unknown, unknown>): number =>
  a.position - b.position || a.row.windowStart - b.row.windowStart || a.key.compare(b.key)

/**
 * Reads a store of sessions, or of windows that begin at records: committed rows that have not expired. Windows come
 * in order of their start, sessions in order of their end, and then by start and key. What is read of all keys comes in
 * pages; a page is of one moment.
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
    const rows: PlacedRow<K, V>[] = []
    for (const stored of found) if (stored !== undefined) this.decode(key, EMPTY, stored, from, to, rows)
    return rows.map(({ row }) => row)
  }

  async *fetchAll(
    from: number,
    to: number,
    { limit = Number.POSITIVE_INFINITY, reverse = false, after }: PageOptions<WindowPlace<K>> = {},
  ): AsyncIterableIterator<WindowRow<K, V>> {
    const page = new Page<K, V>(reverse, after && this.placed(after))
    for (let left = limit; left > 0; left -= page.size) {
      page.begin(Math.min(left, PAGE_ROWS))
      await this.fill(page, from, to)
      for (const { row } of page.rows) yield row
      if (!page.full) return
    }
  }

  all(options?: PageOptions<WindowPlace<K>>): AsyncIterableIterator<WindowRow<K, V>> {
    return this.fetchAll(0, Number.MAX_SAFE_INTEGER, options)
  }

  /** Reads segment after segment until a page is full. */
  private async fill(page: Page<K, V>, from: number, to: number): Promise<void> {
    const [first, last] = this.segmentsOf(from, to)
    const { reverse, last: after } = page
    const reached =
      after === undefined ? undefined : after.position - (after.position % this.definition.segment)
    const lowest = reached === undefined || reverse ? first : Math.max(first, reached)
    const highest = reached === undefined || !reverse ? last : Math.min(last, reached)
    if (highest < lowest) return
    let present = -1
    const rows: PlacedRow<K, V>[] = []
    const range = windowRange(this.storeId, ROW, lowest, highest)
    for await (const { keys, values } of this.database.scan(range, { reverse })) {
      for (const [at, stored] of keys.entries()) {
        const segment = readInt64(stored, PREFIX_BYTES)
        if (segment !== present && page.full) return page.end()
        present = segment
        const inner = stored.subarray(PREFIX_BYTES + INT64_BYTES)
        const key = this.definition.key.deserialize(inner, 0, inner.length)
        this.decode(key, inner, values[at]!, from, to, rows)
        for (const row of rows) page.add(row)
        rows.length = 0
      }
    }
    page.end()
  }

  private placed(place: WindowPlace<K>): PlacedRow<K, V> {
    const { kind, key } = this.definition
    const writer = new ByteWriter(64)
    key.serialize(place.key, writer)
    const position = spanPosition(kind, place.windowStart, place.windowEnd)
    return { row: place as WindowRow<K, V>, key: writer.view(), position }
  }

  private decode(
    key: K,
    keyBytes: Buffer,
    stored: Buffer,
    from: number,
    to: number,
    rows: PlacedRow<K, V>[],
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

/** The next rows in order, as many as were asked for, of rows that come in any order. */
class Page<K, V> {
  rows: PlacedRow<K, V>[] = []
  private wanted = 0

  /** @param last the row that the first page begins behind */
  constructor(
    readonly reverse: boolean,
    public last: PlacedRow<K, V> | undefined,
  ) {}

  begin(rows: number): void {
    this.rows = []
    this.wanted = rows
  }

  get full(): boolean {
    return this.rows.length >= this.wanted
  }

  get size(): number {
    return this.rows.length
  }

  add(row: PlacedRow<K, V>): void {
    if (this.last !== undefined && this.compare(row, this.last) <= 0) return
    this.rows.push(row)
    if (this.rows.length >= 2 * this.wanted) this.cut()
  }

  /** Nothing more is added. */
  end(): void {
    this.cut()
    this.last = this.rows.at(-1) ?? this.last
  }

  private cut(): void {
    this.rows.sort((a, b) => this.compare(a, b))
    if (this.rows.length > this.wanted) this.rows.length = this.wanted
  }

  private compare(a: PlacedRow<K, V>, b: PlacedRow<K, V>): number {
    return this.reverse ? -inOrder(a, b) : inOrder(a, b)
  }
}

const EMPTY = Buffer.alloc(0)
