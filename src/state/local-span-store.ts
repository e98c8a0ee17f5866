import type { ByteWriter } from '../serdes/byte-writer.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import { Bucket, spanPosition } from './bucket.js'
import { beginSpan, encodedSpans, endSpan } from './bucket-codec.js'
import type { ChangelogWriter } from './changelog-writer.js'
import type { FinalRows } from './final-rows.js'
import type { StoreContext } from './local-store.js'
import { LocalWindowStore } from './local-window-store.js'
import { EVICTED, type Row } from './row.js'
import { INT64_BYTES, PREFIX_BYTES, ROW, VALUE_OFFSET, writePrefix } from './row-layout.js'
import { SpanRow } from './span-row.js'
import type { SpanEntry, SpanStore, StoreEntry } from './store.js'
import type { SpanStoreDefinition } from './store-definition.js'
import type { WindowLedger } from './window-ledger.js'
import type { WriteBatch } from './write-batch.js'

/** How far behind the greatest position a whole segment is kept: as long as its last position is. */
export const segmentRetention = ({
  retention,
  segment,
}: Pick<SpanStoreDefinition<unknown, unknown>, 'retention' | 'segment'>): number =>
  Math.min(Number.MAX_SAFE_INTEGER, retention + segment - 1)

/** The spans of a bucket one after the other. What is read becomes a {@link Bucket} when its row is known. */
class BucketSerde<K, V> implements Serde<unknown> {
  readonly name: string

  constructor(private readonly value: Serde<V>) {
    this.name = `bucket(${value.name})`
  }

  serialize(bucket: unknown, target: ByteWriter): void {
    for (const span of (bucket as Bucket<K, V>).spans) this.serializeSpan(span, target)
  }

  /** @returns where the value begins */
  serializeSpan({ windowStart, windowEnd, changedAt, value }: SpanRow<K, V>, target: ByteWriter): number {
    beginSpan(target, windowStart, windowEnd, changedAt)
    const valueStart = target.position
    this.value.serialize(value as V, target)
    endSpan(target, valueStart)
    return valueStart
  }

  deserialize(source: Buffer, start: number): Buffer {
    return source.subarray(start)
  }

  /** The spans in the bytes of a row that was read. */
  fill(bucket: Bucket<K, V>, row: Row<K, unknown>, source: Buffer): void {
    for (const encoded of encodedSpans(source, 0)) {
      const span = new SpanRow<K, V>(row.key, encoded.start, encoded.end, row, true)
      span.value = this.value.deserialize(source, encoded.valueStart, encoded.valueEnd)
      span.changedAt = encoded.timestamp
      bucket.spans.push(span)
    }
  }
}

/**
 * Values by key and span of time. The spans that a key has in a segment of time are one bucket, in memory and on
 * disk: reading them in order takes one look at each segment.
 */
export class LocalSpanStore<K, V> extends LocalWindowStore<K, unknown> implements SpanStore<K, V> {
  declare readonly finals: FinalRows<K, V> | undefined
  private readonly kind: SpanStoreDefinition<K, V>['kind']
  private readonly segment: number
  private readonly spanRetention: number
  private readonly buckets: BucketSerde<K, V>
  /** The greatest position written since rows were last dropped. */
  private written = -1
  /** What `range` gave last. */
  private readonly found: SpanRow<K, V>[] = []
  /** Where the values begin of the spans that were staged last, those that changed. */
  private readonly valueStarts: number[] = []

  constructor(
    definition: SpanStoreDefinition<K, V>,
    id: number,
    context: StoreContext,
    ledger: WindowLedger,
  ) {
    const { kind, segment, value, ...common } = definition
    const buckets = new BucketSerde<K, V>(value)
    const retention = segmentRetention(definition)
    super({ ...common, kind: 'window', value: buckets, windowSize: segment, retention }, id, context, ledger)
    this.kind = kind
    this.segment = segment
    this.spanRetention = definition.retention
    this.buckets = buckets
  }

  range(key: K, from: number, to: number): readonly SpanEntry<K, V>[] {
    const { found, segment, kind } = this
    found.length = 0
    const first = Math.max(0, from, this.expiredPosition + 1)
    const last = Math.min(to, this.greatest)
    for (let start = first - (first % segment); start <= last; start += segment) {
      const bucket = this.get(key, start)?.value as Bucket<K, V> | undefined
      if (bucket === undefined) continue
      const { spans } = bucket
      for (let at = bucket.firstFrom(first); at < spans.length; at++) {
        const span = spans[at]!
        if (spanPosition(kind, span.windowStart, span.windowEnd) > last) break
        found.push(span)
      }
    }
    return found
  }

  span(key: K, start: number, end: number): SpanEntry<K, V> | undefined {
    const position = spanPosition(this.kind, start, end)
    if (position <= this.expiredPosition) return undefined
    const row = this.entry(key, position - (position % this.segment))
    if (row === undefined) return undefined
    const bucket = this.bucketOf(row)
    return (
      bucket.find(start, end, position) ??
      bucket.revive(start, end) ??
      new SpanRow<K, V>(key, start, end, row, false)
    )
  }

  override write(
    entry: StoreEntry<K, unknown>,
    value: unknown,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const span = this.present(entry as SpanRow<K, V>)
    if (span !== undefined) this.writeSpan(span, value as V | undefined, timestamp, headers)
  }

  private writeSpan(
    span: SpanRow<K, V>,
    value: V | undefined,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const { windowStart, windowEnd, holder } = span
    const position = spanPosition(this.kind, windowStart, windowEnd)
    if (position > this.written) this.written = position
    if (this.finals === undefined) this.observe(position)
    const bucket = this.bucketOf(holder)
    const oldValue = span.value
    if ((oldValue === undefined) !== (value === undefined)) {
      this.finals?.changed(span.key, windowStart, position, value !== undefined)
    }
    if (oldValue === undefined && value !== undefined) bucket.insert(span)
    else if (oldValue !== undefined && value === undefined) bucket.remove(span)
    span.value = value
    span.changedAt = timestamp
    span.dirty = true
    if (holder.epoch !== this.context.epochs.current) this.markDirty(holder)
    if (this.cached) this.updates.put(span, oldValue, headers, this.size.serialized)
  }

  /** The live row of a span: its bucket may have been forgotten since it was read, and read anew. */
  private present(span: SpanRow<K, V>): SpanRow<K, V> | undefined {
    if (span.holder.epoch !== EVICTED) return span
    return this.span(span.key, span.windowStart, span.windowEnd) as SpanRow<K, V> | undefined
  }

  private bucketOf(row: Row<K, unknown>): Bucket<K, V> {
    row.value ??= new Bucket<K, V>(this.kind)
    return row.value as Bucket<K, V>
  }

  protected override load(
    key: K,
    identity: string | number,
    windowStart: number,
    absent: boolean,
  ): Row<K, unknown> {
    const row = super.load(key, identity, windowStart, absent)
    if (row.value === undefined) return row
    const source = row.value as Buffer
    const bucket = new Bucket<K, V>(this.kind)
    this.buckets.fill(bucket, row, source)
    row.value = bucket
    return row
  }

  protected override stageRow(row: Row<K, unknown>, batch: WriteBatch, changelog: ChangelogWriter): void {
    const bucket = this.bucketOf(row)
    bucket.dropUpTo(this.expiredPosition)
    this.stageBucket(row.windowStart, row.key, bucket, batch)
    if (this.logged) this.logBucket(bucket, batch.bytes, changelog)
    for (const span of bucket.spans) {
      span.dirty = false
      span.logged = true
    }
    bucket.removed = []
  }

  private stageBucket(segmentStart: number, key: K, bucket: Bucket<K, V>, batch: WriteBatch): void {
    const { bytes } = batch
    const { valueStarts } = this
    const keyStart = bytes.position
    writePrefix(bytes, this.id, ROW)
    bytes.writeInt64(segmentStart)
    this.key.serialize(key, bytes)
    const keyEnd = bytes.position
    if (bucket.spans.length === 0) {
      batch.del(keyStart, keyEnd)
      return
    }
    // Every row on disk begins with a timestamp; spans have their own.
    bytes.writeInt64(this.observedStart)
    valueStarts.length = 0
    for (const span of bucket.spans) valueStarts.push(this.buckets.serializeSpan(span, bytes))
    batch.put(keyStart, keyEnd, keyEnd, bytes.position)
  }

  private logBucket({ spans, removed }: Bucket<K, V>, bytes: ByteWriter, changelog: ChangelogWriter): void {
    const { buffer } = bytes
    for (const span of removed) this.logSpan(span, buffer, 0, -1, changelog)
    for (let at = 0; at < spans.length; at++) {
      const span = spans[at]!
      if (!span.dirty) continue
      const valueStart = this.valueStarts[at]!
      this.logSpan(span, buffer, valueStart, valueStart + buffer.readInt32BE(valueStart - 4), changelog)
    }
  }

  private logSpan(
    { key, windowStart, windowEnd, changedAt }: SpanRow<K, V>,
    buffer: Buffer,
    valueStart: number,
    valueEnd: number,
    changelog: ChangelogWriter,
  ): void {
    const { scratch } = this.context
    scratch.reset()
    this.key.serialize(key, scratch)
    if (this.kind === 'session') {
      scratch.writeInt64(windowEnd)
      scratch.writeInt64(windowStart)
    } else {
      scratch.writeInt64(windowStart)
      scratch.writeInt32(0)
    }
    const { buffer: keys, position } = scratch
    changelog.append(this.name, keys, 0, position, buffer, valueStart, valueEnd, changedAt)
  }

  protected override get rowRetention(): number {
    return this.spanRetention
  }

  /** A row of a session ends at its position; a window's end is known by its size. */
  protected override finalRow(key: K, start: number, position: number): StoreEntry<K, V> | undefined {
    const found = this.range(key, position, position) as SpanRow<K, V>[]
    return found.find((span) => span.windowStart === start)
  }

  protected override foundFinals(finals: FinalRows<K, unknown>, rowKey: Buffer, value: Buffer): void {
    const key = rowKey.subarray(PREFIX_BYTES + INT64_BYTES)
    for (const { start, end } of encodedSpans(value, VALUE_OFFSET)) {
      finals.found(key, start, spanPosition(this.kind, start, end))
    }
  }

  protected override dropRows(): void {
    super.dropRows()
    this.written = -1
  }

  /** Starts of the segments that may have rows at `position` or later. */
  protected segmentsFrom(position: number): number[] {
    const { segment, greatest } = this
    const first = Math.max(0, position, this.expiredPosition + 1)
    const starts: number[] = []
    for (let start = first - (first % segment); start <= greatest; start += segment) starts.push(start)
    return starts
  }

  /** Start of the segment in which a span lies. */
  protected segmentOf(span: StoreEntry<K, unknown>): number {
    const { windowStart, windowEnd } = span as SpanRow<K, V>
    const position = spanPosition(this.kind, windowStart, windowEnd)
    return position - (position % this.segment)
  }

  /** No position is greater. */
  private get greatest(): number {
    return Math.max(this.written, this.ledger.greatest + this.segment - 1)
  }

  /** The greatest position that has expired. */
  private get expiredPosition(): number {
    return this.observedStart - this.spanRetention
  }
}
