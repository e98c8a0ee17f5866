import assert from 'node:assert/strict'
import { FeedBatch } from '../../../src/observe/feed/feed-batch.js'
import { FeedFilter, readQuery } from '../../../src/observe/feed/feed-filter.js'
import { decodePosition } from '../../../src/observe/feed/feed-position.js'
import { RowFormat } from '../../../src/observe/feed/row-format.js'
import { StoreReplica } from '../../../src/observe/feed/store-replica.js'
import { Subscription } from '../../../src/observe/feed/subscription.js'
import type { FeedMessage } from '../../../src/observe/feed-client/feed-message.js'
import { FeedRows, rowId } from '../../../src/observe/feed-client/feed-rows.js'
import { json } from '../../../src/serdes/json.js'
import { string } from '../../../src/serdes/string.js'
import type { AnyStoreDefinition } from '../../../src/state/store-definition.js'
import type { ChangelogRecord } from '../../../src/state/store-restore.js'

const common = { name: 'rows', key: string(), value: json<number>(), caching: false, logging: true }

export const RETENTION = 10

/** Stores of each kind that has a feed; windows of windows have starts that are multiples of 4. */
export const STORES: readonly AnyStoreDefinition[] = [
  { ...common, kind: 'keyValue' },
  { ...common, kind: 'window', windowSize: 4, retention: RETENTION },
  { ...common, kind: 'rangedWindow', windowSize: 4, retention: RETENTION, segment: 8 },
  { ...common, kind: 'session', retention: RETENTION, segment: 8 },
]

/** A store whose rows stay until its changelog is cut off behind them. */
export const EVENT_TIME_STORE: AnyStoreDefinition = {
  ...common,
  kind: 'window',
  windowSize: 4,
  retention: RETENTION,
  expiry: 'event-time',
}

export const TOPIC_ID = '0123456789abcdef0123456789abcdef'
const HOUR = 3_600_000

interface LogRecord {
  readonly offset: number
  readonly key: string
  /** The start of its window; 0 in stores without. */
  readonly start: number
  /** undefined: a deletion. */
  readonly value: number | undefined
}

/** A record as it comes from a topic. */
export function changelogRecord(
  store: AnyStoreDefinition,
  { offset, key, start, value }: LogRecord,
): ChangelogRecord {
  const suffix = Buffer.alloc(store.kind === 'session' ? 16 : store.kind === 'keyValue' ? 0 : 12)
  if (store.kind === 'session') {
    suffix.writeBigInt64BE(BigInt(start + 1), 0)
    suffix.writeBigInt64BE(BigInt(start), 8)
  } else if (store.kind !== 'keyValue') suffix.writeBigInt64BE(BigInt(start), 0)
  const text = value === undefined ? '' : JSON.stringify(value)
  const buffer = Buffer.concat([Buffer.from(key), suffix, Buffer.from(text)])
  const keyEnd = Buffer.byteLength(key) + suffix.length
  const valueEnd = value === undefined ? -1 : buffer.length
  return { offset, timestamp: start, buffer, keyStart: 0, keyEnd, valueStart: keyEnd, valueEnd }
}

/** One partition of a changelog: what was written, and what a reader who begins now finds of it. */
class Log {
  private readonly written: LogRecord[] = []
  private readable: LogRecord[] = []
  start = 0
  /** Offsets taken by records and by what is none. */
  end = 0

  write(record: Omit<LogRecord, 'offset'>): void {
    const found = { ...record, offset: this.end++ }
    this.written.push(found)
    this.readable.push(found)
  }

  /** What a transaction's end takes. */
  skip(): void {
    this.end++
  }

  /** Takes out what a later record of its key has replaced. */
  compact(): void {
    const latest = new Map(this.written.map(({ key, start, offset }) => [`${key} ${start}`, offset]))
    this.readable = this.readable.filter(({ key, start, offset }) => latest.get(`${key} ${start}`) === offset)
  }

  /** Cuts off what is of expired windows only. */
  trim(store: AnyStoreDefinition): void {
    if (store.kind === 'keyValue') return
    const expired = Math.max(-1, ...this.written.map(({ start }) => start)) - RETENTION
    const needed = this.readable.find(({ start }) => start > expired)
    this.start = needed?.offset ?? this.end
    this.readable = this.readable.filter(({ offset }) => offset >= this.start)
  }

  from(offset: number, count: number): LogRecord[] {
    return this.readable.filter((record) => record.offset >= offset).slice(0, count)
  }

  /** The rows that all of it makes, by id. */
  rows(store: AnyStoreDefinition): Map<string, number> {
    const rows = new Map<string, { start: number; value: number; offset: number }>()
    let observed = -1
    for (const { key, start, value, offset } of this.written) {
      observed = Math.max(observed, start)
      const id = rowId(key, windowOf(store, start))
      if (value === undefined) rows.delete(id)
      else rows.set(id, { start, value, offset })
    }
    const kept = [...rows].filter(([, { start, offset }]) => {
      if (store === EVENT_TIME_STORE) return offset >= this.start
      return store.kind === 'keyValue' || start > observed - RETENTION
    })
    return new Map(kept.map(([id, { value }]) => [id, value]))
  }
}

const windowOf = (store: AnyStoreDefinition, start: number) => {
  if (store.kind === 'keyValue') return undefined
  return store.kind === 'session' ? { start, end: start + 1 } : { start, end: start + 4 }
}

export interface WorldOptions {
  readonly store: AnyStoreDefinition
  readonly partitions: number
  /** What each worker's replica may take: little makes it forget deletions. */
  readonly maxBytes: number
  readonly query?: string
}

/** A changelog, workers that read it each at its own pace, and a client that goes from one to another. */
export class FeedWorld {
  readonly logs: readonly Log[]
  readonly store: AnyStoreDefinition
  private readonly workers: (StoreReplica | undefined)[] = []
  private readonly format: RowFormat
  private readonly filter: FeedFilter
  private connection: { readonly worker: number; readonly subscription: Subscription } | undefined
  private id: string | undefined
  readonly client = new FeedRows<string, number>()
  readonly counts = { conflated: 0, refetches: 0 }
  /** Messages of the present connection. */
  messages: FeedMessage<string, number>[] = []
  private values = 0
  private eventTime = 0
  now = 1000 * HOUR

  constructor(private readonly options: WorldOptions) {
    this.store = options.store
    this.logs = Array.from({ length: options.partitions }, () => new Log())
    this.format = new RowFormat(options.store)
    this.filter = new FeedFilter(this.format, readQuery(new URLSearchParams(options.query ?? '')))
  }

  /** Writes a new value of a row, or deletes it, `late` behind an event time that goes on; keys have their partitions. */
  write(key: number, later: number, late: number, deletes: boolean): void {
    this.eventTime += later
    const time = Math.max(0, this.eventTime - late)
    const start = this.store.kind === 'keyValue' ? 0 : time - (time % 4)
    const value = deletes ? undefined : ++this.values
    this.logs[key % this.logs.length]!.write({ key: `k${key}`, start, value })
  }

  /** A worker begins to read, at the beginning of what there is. */
  start(worker: number): StoreReplica {
    const { logs, format, options } = this
    const topic = {
      topicId: TOPIC_ID,
      starts: logs.map(({ start }) => start),
      ends: logs.map(({ end }) => end),
      deleteRetentionMs: 24 * HOUR,
      foundAt: this.now,
    }
    const replica = new StoreReplica(format, topic, options.maxBytes)
    this.workers[worker] = replica
    return replica
  }

  /** A worker begins anew, and the client goes to it. */
  moveTo(worker: number): void {
    this.start(worker)
    this.connect(worker)
  }

  /** A worker reads some records of a partition. */
  read(worker: number, partition: number, count: number): void {
    const replica = this.workers[worker]
    if (replica === undefined) return
    const log = this.logs[partition]!
    const { position } = replica.partitions[partition]!
    const records = log.from(position, count)
    for (const record of records) replica.add(partition, changelogRecord(this.options.store, record))
    // Behind the last record come the ends of transactions.
    const next = records.length < count ? log.end : records.at(-1)!.offset + 1
    replica.reach(partition, Math.max(position, next), log.start)
  }

  readAll(worker: number): StoreReplica {
    const replica = this.workers[worker] ?? this.start(worker)
    for (const partition of this.logs.keys()) this.read(worker, partition, Number.MAX_SAFE_INTEGER)
    return replica
  }

  /** The client connects, and says where it stands; a worker serves it when it has what there was at its beginning. */
  connect(worker: number): void {
    this.disconnect()
    const replica = this.workers[worker] ?? this.start(worker)
    while (!replica.complete) this.readAll(worker)
    const from = this.id === undefined ? undefined : decodePosition(this.id)
    assert.ok(from !== undefined || this.id === undefined)
    const subscription = new Subscription(replica, this.filter, from, this.counts, () => this.now)
    this.connection = { worker, subscription }
  }

  disconnect(): void {
    this.connection = undefined
    this.messages = []
  }

  /** The client gets what comes next; false: nothing, for now. */
  receive(maxBytes: number): boolean {
    if (this.connection === undefined) return false
    const batch = new FeedBatch(maxBytes)
    const more = this.connection.subscription.take(batch)
    for (const text of batch.messages) this.hear(JSON.parse(text))
    if (batch.id !== undefined) this.id = batch.id
    return more
  }

  private hear(message: FeedMessage<string, number>): void {
    this.messages.push(message)
    if (message.type === 'snapshot') this.id = undefined
    if (message.type === 'up-to-date') this.id = message.id
    if (message.type === 'upsert') this.assertNew(message.key, message.window, message.value)
    this.client.apply(message)
  }

  /** Nothing is told twice, nor again what was replaced. */
  private assertNew(key: string, window: { start: number; end: number } | undefined, value: number): void {
    const from = this.messages.findLastIndex(({ type }) => type === 'snapshot')
    const before = this.messages
      .slice(from + 1, -1)
      .findLast((each) => each.type === 'upsert' && rowId(each.key, each.window) === rowId(key, window))
    const known = this.client.rows.get(rowId(key, window))
    const last = from < 0 ? known?.value : undefined
    const earlier = Math.max(last ?? 0, before?.type === 'upsert' ? before.value : 0)
    assert.ok(value > earlier, `${key} is ${value} after it was ${earlier}`)
  }

  /** What the client has, and what it should have when everything is read and told. */
  outcome(): { readonly held: Map<string, number>; readonly expected: Map<string, number> } {
    for (const worker of this.workers.keys()) if (this.workers[worker] !== undefined) this.readAll(worker)
    if (this.connection === undefined) this.connect(0)
    while (this.receive(100));
    const matching = new RegExp(
      this.options.query === undefined ? '' : /key=(\w+)/.exec(this.options.query)![1]!,
    )
    const expected = this.logs.flatMap((log) => [...log.rows(this.options.store)])
    return {
      held: new Map([...this.client.rows].map(([id, { value }]) => [id, value])),
      expected: new Map(expected.filter(([id]) => matching.test(id))),
    }
  }
}

export const sorted = (rows: ReadonlyMap<string, number>): [string, number][] =>
  [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
