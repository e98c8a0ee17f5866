import { ByteWriter } from '../src/serdes/byte-writer.js'
import { copiedHeaders } from '../src/serdes/record-headers.js'
import type { Serde } from '../src/serdes/serde.js'
import { SortedKeys } from '../src/state/sorted-keys.js'
import type { OrderedStore, StoreEntry } from '../src/state/store.js'
import type { EventClock } from '../src/time/event-clock.js'
import type { Windowed } from '../src/windows/window.js'
import type { BufferedChange } from './buffered-change.js'
import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

/** How long changes wait, and what happens when too many do. */
export interface Suppression<K, V> {
  /** Name of the buffer's store. */
  readonly store: string
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** The time that a change waits from. */
  timeOf(key: K, timestamp: number): number
  /** How long it waits, milliseconds of event time. */
  readonly duration: number
  /** Whether only the last word on a row counts: tombstones are not handed on, and nothing after that word. */
  readonly finalOnly: boolean
  readonly maxRecords: number
  readonly maxBytes: number
  readonly whenFull: 'emit-early' | 'shut-down'
}

/** What a change costs the buffer beside its key and value. */
const CHANGE_OVERHEAD = 8
/** After every string of bytes. */
const END = '\u0100'
const TIME_LENGTH = 8

class SuppressProcessor<K, V> implements Processor<K, Change<V>, K, Change<V>> {
  private context!: ProcessorContext<K, Change<V>>
  private downstream!: Downstream<K, Change<V>>
  private clock!: EventClock
  private store!: OrderedStore<K, BufferedChange<V>>
  /** The changes that wait: their time in 8 bytes and their key's bytes, as latin1 strings. */
  private readonly queue = new SortedKeys()
  private readonly waiting = new Map<string, { readonly key: K; readonly place: string; bytes: number }>()
  /** The rows on which the last word was handed on at the present time: another record may still change them. */
  private final = new Map<string, K>()
  private bytes = 0
  private readonly writer = new ByteWriter(256)

  constructor(private readonly options: Suppression<K, V>) {}

  init(context: ProcessorContext<K, Change<V>>): void {
    this.context = context
    this.downstream = context.downstream
    this.clock = context.clock
    this.store = context.store(this.options.store)
    for (const { key, value } of this.store.range(undefined, undefined)) {
      if (value!.final) this.final.set(this.bytesOf(key), key)
      else this.enqueue(key, this.bytesOf(key), value!)
    }
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    const before = this.clock.now
    const now = this.clock.observe(timestamp)
    if (now > before) this.forgetFinal()
    const bytes = this.bytesOf(key)
    if (this.final.has(bytes)) {
      this.context.dropped('late')
      return
    }
    this.buffer(key, bytes, change, timestamp)
    const upTo = now - this.options.duration
    for (let place = this.queue.first('', END); place !== undefined; place = this.queue.first('', END)) {
      if (timeIn(place) > upTo) break
      this.emit(place, now)
    }
    this.keepWithinBounds(now)
  }

  /** Waits with a change; a row that waits already keeps its place. */
  private buffer(key: K, bytes: string, change: Change<V>, timestamp: number): void {
    const { newValue, oldValue, fresh } = change
    const entry = this.store.entry(key)
    const present = entry.value
    const buffered: BufferedChange<V> = {
      newValue,
      // Downstream has seen none of the values that waited.
      oldValue: present !== undefined ? present.oldValue : fresh === true ? null : oldValue,
      time: present === undefined ? this.options.timeOf(key, timestamp) : present.time,
      headers: copiedHeaders(this.context.record.headers),
      final: false,
    }
    this.store.write(entry, buffered, timestamp, buffered.headers)
    this.enqueue(key, bytes, buffered)
  }

  private enqueue(key: K, bytes: string, change: BufferedChange<V>): void {
    const size = this.sizeOf(bytes, change)
    const present = this.waiting.get(bytes)
    if (present === undefined) {
      const place = timeAsBytes(change.time) + bytes
      this.waiting.set(bytes, { key, place, bytes: size })
      this.queue.add(place)
    } else {
      this.bytes -= present.bytes
      present.bytes = size
    }
    this.bytes += size
  }

  /** Hands on what waits at a place. */
  private emit(place: string, now: number): void {
    const bytes = place.slice(TIME_LENGTH)
    const { key, bytes: size } = this.waiting.get(bytes)!
    this.queue.delete(place)
    this.waiting.delete(bytes)
    this.bytes -= size
    const entry = this.store.entry(key)
    const { newValue, oldValue, headers, time } = entry.value!
    const { timestamp } = entry
    const { finalOnly, duration } = this.options
    const mayChange = finalOnly && newValue !== null && time + duration === now
    this.leave(entry, bytes, mayChange)
    if (newValue === null && finalOnly) return
    const { record } = this.context
    const inHand = record.headers
    record.headers = headers
    this.downstream.process(key, { newValue, oldValue }, timestamp)
    record.headers = inHand
  }

  /** Takes a change off the buffer; a note stays where another word could follow the last one. */
  private leave(entry: StoreEntry<K, BufferedChange<V>>, bytes: string, mayChange: boolean): void {
    const { time, headers } = entry.value!
    const note = { newValue: null, oldValue: null, time, headers, final: true }
    this.store.write(entry, mayChange ? note : undefined, entry.timestamp, headers)
    if (mayChange) this.final.set(bytes, entry.key)
  }

  private forgetFinal(): void {
    for (const key of this.final.values()) {
      const entry = this.store.entry(key)
      this.store.write(entry, undefined, entry.timestamp, this.context.record.headers)
    }
    this.final.clear()
  }

  private keepWithinBounds(now: number): void {
    const { maxRecords, maxBytes, whenFull } = this.options
    while (this.queue.size > maxRecords || this.bytes > maxBytes) {
      if (whenFull === 'shut-down') {
        const problem =
          `the buffer holds ${this.queue.size} changes of ${this.bytes} bytes, ` +
          `${maxRecords} and ${maxBytes} are allowed: give it more, or let it emit early`
        throw this.context.userError(new RangeError(problem))
      }
      this.emit(this.queue.first('', END)!, now)
    }
  }

  /** Bytes that a change takes; 0 where nobody asks. */
  private sizeOf(key: string, { newValue, oldValue }: BufferedChange<V>): number {
    const { maxBytes, value } = this.options
    if (maxBytes === Number.POSITIVE_INFINITY) return 0
    const { writer } = this
    writer.reset()
    if (newValue !== null) value.serialize(newValue, writer)
    if (oldValue !== null) value.serialize(oldValue, writer)
    return key.length + writer.position + CHANGE_OVERHEAD
  }

  private bytesOf(key: K): string {
    const { writer } = this
    writer.reset()
    this.options.key.serialize(key, writer)
    return writer.buffer.toString('latin1', 0, writer.position)
  }
}

/** Big-endian, so that strings are in the order of times; these are not negative. */
function timeAsBytes(time: number): string {
  const bytes = Buffer.allocUnsafe(TIME_LENGTH)
  bytes.writeBigUInt64BE(BigInt(time))
  return bytes.toString('latin1')
}

function timeIn(place: string): number {
  return Number(Buffer.from(place.slice(0, TIME_LENGTH), 'latin1').readBigUInt64BE())
}

/** The end of the window that a row is for. */
export const windowEndOf = (key: Windowed<unknown>): number => key.window.end

/** When a change came. */
export const arrival = (_key: unknown, timestamp: number): number => timestamp

/**
 * Keeps the changes of a table back until their time has come, and hands on the last one of each row. What waits is
 * kept in a store, so that it survives a restart.
 */
export const suppress =
  <K, V>(options: Suppression<K, V>): ProcessorSupplier<K, Change<V>, K, Change<V>> =>
  () =>
    new SuppressProcessor(options)
