import type { ByteWriter } from '../serdes/byte-writer.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import { Bucket, spanPosition } from './bucket.js'
import { beginSpan, encodedSpans, endSpan } from './bucket-codec.js'
import type { ChangelogWriter } from './changelog-writer.js'
import type { FinalRows } from './final-rows.js'
import { LiveSpan } from './live-span.js'
import type { StoreContext } from './local-store.js'
import { LocalWindowStore } from './local-window-store.js'
import { EVICTED, type Row } from './row.js'
import { INT64_BYTES, PREFIX_BYTES, ROW, VALUE_OFFSET, writePrefix } from './row-layout.js'
import { SpanUpdates } from './span-updates.js'
import type { Steps } from './steps.js'
import type { CacheFlushListener, SpanEntry, SpanStore, StoreEntry } from './store.js'
import type { SpanStoreDefinition } from './store-definition.js'
import type { WindowLedger } from './window-ledger.js'
import type { WriteBatch } from './write-batch.js'

/** The mean number of spans in a bucket is over so many buckets, about. */
const SPAN_MEMORY = 64

/** How far behind the greatest position a whole segment is kept: as long as its last position is. */
export const segmentRetention = ({
  retention,
  segment,
}: Pick<SpanStoreDefinition<unknown, unknown>, 'retention' | 'segment'>): number =>
  Math.min(Number.MAX_SAFE_INTEGER, retention + segment - 1)

/** The spans of a bucket one after the other. What is read becomes a {@link Bucket} when its row is known. */
class BucketSerde<V> implements Serde<unknown> {
  readonly name: string

  constructor(private readonly value: Serde<V>) {
    this.name = `bucket(${value.name})`
  }

  serialize(bucket: unknown, target: ByteWriter): void {
    const spans = bucket as Bucket<V>
    for (let at = 0; at < spans.size; at++) {
      if (spans.value(at) !== undefined) this.serializeSpan(spans, at, target)
    }
  }

  /** @returns where the value begins */
  serializeSpan(bucket: Bucket<V>, index: number, target: ByteWriter): number {
    beginSpan(target, bucket.start(index), bucket.end(index), bucket.changedAt(index))
    const valueStart = target.position
    this.value.serialize(bucket.value(index) as V, target)
    endSpan(target, valueStart)
    return valueStart
  }

  deserialize(source: Buffer, start: number): Buffer {
    return source.subarray(start)
  }

  /** The spans in the bytes of a row that was read. */
  fill(bucket: Bucket<V>, source: Buffer): void {
    for (const { start, end, timestamp, valueStart, valueEnd } of encodedSpans(source, 0)) {
      bucket.addStored(start, end, timestamp, this.value.deserialize(source, valueStart, valueEnd))
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
  private readonly buckets: BucketSerde<V>
  private readonly spanUpdates: SpanUpdates<K, V>
  /** The greatest position written since rows were last dropped. */
  private written = -1
  /** Mean number of spans in a bucket that was staged. */
  private spansPerBucket = 1
  /** What `range` gave last, and the objects that it takes for that. */
  private readonly found: LiveSpan<K, V>[] = []
  private readonly spare: LiveSpan<K, V>[] = []
  /** What `span` gave last. */
  private single: LiveSpan<K, V> | undefined

  constructor(
    definition: SpanStoreDefinition<K, V>,
    id: number,
    context: StoreContext,
    ledger: WindowLedger,
  ) {
    const { kind, segment, value, ...common } = definition
    const buckets = new BucketSerde<V>(value)
    const retention = segmentRetention(definition)
    super({ ...common, kind: 'window', value: buckets, windowSize: segment, retention }, id, context, ledger)
    this.kind = kind
    this.segment = segment
    this.spanRetention = definition.retention
    this.buckets = buckets
    this.spanUpdates = new SpanUpdates(definition.name, context.cache)
  }

  override onFlush(listener: CacheFlushListener<K, unknown>): void {
    this.spanUpdates.listener = listener
  }

  override flushCache(): Steps<boolean> {
    return this.spanUpdates.flush()
  }

  override discard(): void {
    this.spanUpdates.discard()
    super.discard()
  }

  range(key: K, from: number, to: number): readonly SpanEntry<K, V>[] {
    const { found, spare, segment } = this
    let count = 0
    const first = Math.max(0, from, this.expiredPosition + 1)
    const last = Math.min(to, this.greatest)
    for (let start = first - (first % segment); start <= last; start += segment) {
      const row = this.get(key, start)
      if (row === undefined) continue
      const bucket = row.value as Bucket<V>
      const { size } = bucket
      for (let at = bucket.firstFrom(first); at < size && bucket.position(at) <= last; at++) {
        if (bucket.value(at) === undefined) continue
        if (count === spare.length) spare.push(new LiveSpan<K, V>(row))
        const span = spare[count]!
        span.show(row, bucket, at)
        found[count++] = span
      }
    }
    found.length = count
    return found
  }

  span(key: K, start: number, end: number): SpanEntry<K, V> | undefined {
    const position = spanPosition(this.kind, start, end)
    if (position <= this.expiredPosition) return undefined
    const row = this.entry(key, position - (position % this.segment))
    if (row === undefined) return undefined
    this.single ??= new LiveSpan<K, V>(row)
    const { single } = this
    const bucket = this.bucketOf(row)
    const at = bucket.find(start, end)
    if (at < 0) single.showNone(row, start, end)
    else single.show(row, bucket, at)
    return single
  }

  override write(
    entry: StoreEntry<K, unknown>,
    value: unknown,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const span = entry as LiveSpan<K, V>
    const { row, windowStart, windowEnd } = span
    // The bucket may have been forgotten since the span was read: then it is read anew.
    if (row.epoch !== EVICTED) this.writeSpan(row, span, value as V | undefined, timestamp, headers)
    else {
      const again = this.span(span.key, windowStart, windowEnd) as LiveSpan<K, V> | undefined
      if (again !== undefined) this.writeSpan(again.row, again, value as V | undefined, timestamp, headers)
    }
  }

  private writeSpan(
    row: Row<K, unknown>,
    span: LiveSpan<K, V>,
    value: V | undefined,
    timestamp: number,
    headers: RecordHeaders,
  ): void {
    const { windowStart, windowEnd, index } = span
    const position = spanPosition(this.kind, windowStart, windowEnd)
    if (position > this.written) this.written = position
    this.wrote(position)
    const bucket = this.bucketOf(row)
    let at = bucket.isAt(index, span) ? index : bucket.find(windowStart, windowEnd)
    if (at < 0) at = bucket.insert(windowStart, windowEnd)
    const before = bucket.value(at)
    if ((before === undefined) !== (value === undefined)) {
      this.finals?.changed(row.key, windowStart, position, value !== undefined)
    }
    bucket.set(at, value, timestamp)
    if (row.epoch !== this.context.epochs.current) this.markDirty(row)
    if (this.cached) this.update(row, bucket, at, before, headers)
    else if (value === undefined) bucket.forgetIfGone(at)
  }

  /** Has the record cache take an update, unless downstream knows of nothing that it would have to forget. */
  private update(
    row: Row<K, unknown>,
    bucket: Bucket<V>,
    index: number,
    before: V | undefined,
    headers: RecordHeaders,
  ): void {
    const updates = this.spanUpdates
    const known = updates.known(bucket, index, before)
    if (known !== undefined || bucket.value(index) !== undefined) {
      const bytes = Math.round(this.size.serialized / this.spansPerBucket)
      updates.put(row, bucket, index, known, headers, bytes)
    } else {
      updates.cancel(bucket, index)
      bucket.forgetIfGone(index)
    }
  }

  private bucketOf(row: Row<K, unknown>): Bucket<V> {
    row.value ??= new Bucket<V>(this.kind)
    return row.value as Bucket<V>
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
    const bucket = new Bucket<V>(this.kind)
    this.buckets.fill(bucket, source)
    row.value = bucket
    return row
  }

  protected override stageRow(row: Row<K, unknown>, batch: WriteBatch, changelog: ChangelogWriter): void {
    const { bytes } = batch
    const bucket = this.bucketOf(row)
    const keyStart = bytes.position
    writePrefix(bytes, this.id, ROW)
    bytes.writeInt64(row.windowStart)
    this.key.serialize(row.key, bytes)
    const keyEnd = bytes.position
    const keyBytes = this.logged ? this.beginLogKey(row.key) : 0
    // Every row on disk begins with a timestamp; spans have their own.
    bytes.writeInt64(this.observedStart)
    const spans = this.stageSpans(bucket, bytes, keyBytes, changelog)
    if (spans === 0) {
      bytes.position = keyEnd
      batch.del(keyStart, keyEnd)
    } else batch.put(keyStart, keyEnd, keyEnd, bytes.position)
    bucket.compact(this.expiredPosition)
  }

  /** Writes the spans of a bucket one after the other, and those that changed to the changelog. @returns how many */
  private stageSpans(
    bucket: Bucket<V>,
    bytes: ByteWriter,
    keyBytes: number,
    changelog: ChangelogWriter,
  ): number {
    const { expiredPosition } = this
    const { size } = bucket
    let spans = 0
    for (let at = 0; at < size; at++) {
      if (bucket.value(at) === undefined) {
        if (bucket.isLogged(at)) this.logSpan(bucket, at, keyBytes, bytes.buffer, 0, -1, changelog)
      } else if (bucket.position(at) > expiredPosition) {
        const valueStart = this.buckets.serializeSpan(bucket, at, bytes)
        if (bucket.isDirty(at)) {
          this.logSpan(bucket, at, keyBytes, bytes.buffer, valueStart, bytes.position, changelog)
        }
        spans++
      }
      bucket.staged(at)
    }
    this.spansPerBucket += (Math.max(1, spans) - this.spansPerBucket) / SPAN_MEMORY
    return spans
  }

  /** Writes the key of the bucket's spans in the changelog. @returns its length, up to what is a span's own */
  private beginLogKey(key: K): number {
    const { scratch } = this.context
    scratch.reset()
    this.key.serialize(key, scratch)
    return scratch.position
  }

  /** @param keyBytes so many bytes of `scratch` are the key */
  private logSpan(
    bucket: Bucket<V>,
    index: number,
    keyBytes: number,
    buffer: Buffer,
    valueStart: number,
    valueEnd: number,
    changelog: ChangelogWriter,
  ): void {
    if (!this.logged) return
    const { scratch } = this.context
    scratch.position = keyBytes
    if (this.kind === 'session') {
      scratch.writeInt64(bucket.end(index))
      scratch.writeInt64(bucket.start(index))
    } else {
      scratch.writeInt64(bucket.start(index))
      scratch.writeInt32(0)
    }
    const { buffer: keys, position } = scratch
    changelog.append(this.name, keys, 0, position, buffer, valueStart, valueEnd, bucket.changedAt(index))
  }

  protected override get rowRetention(): number {
    return this.spanRetention
  }

  /** A row of a session ends at its position; a window's end is known by its size. */
  protected override finalRow(key: K, start: number, position: number): StoreEntry<K, V> | undefined {
    return this.range(key, position, position).find((span) => span.windowStart === start)
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
    const { windowStart, windowEnd } = span as SpanEntry<K, unknown>
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
