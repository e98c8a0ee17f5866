import { copiedHeaders } from '../src/serdes/record-headers.js'
import type { StoreEntry, TimeOrderedStore } from '../src/state/store.js'
import type { EventClock, TimeListener } from '../src/time/event-clock.js'
import type { Windowed } from '../src/windows/window.js'
import type { BufferedChange } from './buffered-change.js'
import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { OwnRowByRow, type OwnRows } from './steps.js'

/** How long changes wait, and what happens when too many do. */
export interface Suppression<K> {
  /** Name of the buffer's store. */
  readonly store: string
  /** The time that a change waits from. */
  timeOf(key: K, timestamp: number): number
  /** How long it waits, milliseconds of event time. */
  readonly duration: number
  /**
   * Whether the time that a change waits from is one that records still come for: then it waits until that is over. With
   * watermarks only; in stream time it does not, as in Kafka Streams.
   */
  readonly includesEnd: boolean
  /** How far behind event time a change lies at most when it is handed on, milliseconds. */
  readonly holdsBack: number
  /** Whether only the last word on a row counts: tombstones are not handed on, and nothing after that word. */
  readonly finalOnly: boolean
  readonly maxRecords: number
  readonly maxBytes: number
  readonly whenFull: 'emit-early' | 'shut-down'
}

type Row<K, V> = StoreEntry<K, BufferedChange<V>>

/** Notes are no more than changes that were handed on: with so many a record they do not become more. */
const NOTES_PER_RECORD = 2

class SuppressProcessor<K, V> implements Processor<K, Change<V>, K, Change<V>>, TimeListener, OwnRows {
  private context!: ProcessorContext<K, Change<V>>
  private downstream!: Downstream<K, Change<V>>
  private clock!: EventClock
  private store!: TimeOrderedStore<K, BufferedChange<V>>
  private handingOn!: OwnRowByRow
  /** How long a change waits, milliseconds of event time. */
  private duration = 0

  constructor(private readonly options: Suppression<K>) {}

  init(context: ProcessorContext<K, Change<V>>): void {
    this.context = context
    this.downstream = context.downstream
    this.clock = context.clock
    this.clock.onAdvance(this)
    const { duration, includesEnd } = this.options
    this.duration = includesEnd && this.clock.follows === 'watermarks' ? duration + 1 : duration
    this.handingOn = new OwnRowByRow(context, this)
    this.store = context.store(this.options.store)
    const first = this.store.first()
    if (first !== undefined && this.isDue(first)) this.handingOn.begin()
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    this.handingOn.finish()
    this.clock.observe(timestamp)
    this.forgetNotes()
    const entry = this.store.entry(key)
    if (this.isFinal(entry)) {
      this.context.dropped('late')
      return
    }
    this.buffer(entry, change, timestamp)
    if (this.hasWork(this.store.first())) this.handingOn.begin()
  }

  timeAdvanced(): void {
    // What was begun goes on with what is due now.
    if (this.handingOn.pending) return
    this.forgetNotes()
    if (this.hasWork(this.store.first())) this.handingOn.begin()
  }

  get holdsBack(): number {
    return this.options.holdsBack
  }

  /** Whether the last word on a row was handed on at the present time, when others may still come. */
  private isFinal({ value }: Row<K, V>): boolean {
    return value?.final === true && value.time + this.duration === this.clock.now
  }

  /** Waits with a change; a row that waits already keeps its place. */
  private buffer(entry: Row<K, V>, change: Change<V>, timestamp: number): void {
    const { newValue, oldValue, fresh } = change
    const present = entry.value?.final === true ? undefined : entry.value
    const buffered: BufferedChange<V> = {
      newValue,
      // Downstream has seen none of the values that waited.
      oldValue: present !== undefined ? present.oldValue : fresh === true ? null : oldValue,
      time: present === undefined ? this.options.timeOf(entry.key, timestamp) : present.time,
      headers: copiedHeaders(this.context.record.headers),
      final: false,
    }
    this.store.write(entry, buffered, timestamp, buffered.headers)
  }

  /** Hands on the change that waits longest, if it is due, or too much for the buffer. */
  handOn(): boolean {
    const row = this.store.first()
    if (!this.hasWork(row)) return false
    if (this.options.whenFull === 'shut-down' && !this.isDue(row)) throw this.full()
    this.emit(row)
    return true
  }

  /** Whether the row that waits longest is to be handed on. */
  private hasWork(row: Row<K, V> | undefined): row is Row<K, V> {
    return row !== undefined && (this.isDue(row) || this.isFull)
  }

  private isDue({ value }: Row<K, V>): boolean {
    return value!.time <= this.clock.now - this.duration
  }

  private get isFull(): boolean {
    const { waiting, waitingBytes } = this.store
    return waiting > this.options.maxRecords || waitingBytes > this.options.maxBytes
  }

  private full(): Error {
    const { waiting, waitingBytes } = this.store
    const { maxRecords, maxBytes } = this.options
    const problem =
      `the buffer holds ${waiting} changes of ${waitingBytes} bytes, ` +
      `${maxRecords} and ${maxBytes} are allowed: give it more, or let it emit early`
    return this.context.userError(new RangeError(problem))
  }

  private emit(row: Row<K, V>): void {
    const { key, timestamp } = row
    const { newValue, oldValue, headers, time } = row.value!
    const { finalOnly } = this.options
    const mayChange = finalOnly && newValue !== null && time + this.duration === this.clock.now
    // A note stays where another word could follow the last one.
    const note = { newValue: null, oldValue: null, time, headers, final: true }
    this.store.write(row, mayChange ? note : undefined, timestamp, headers)
    if (newValue === null && finalOnly) return
    const { record } = this.context
    const inHand = record.headers
    record.headers = headers
    this.downstream.process(key, { newValue, oldValue }, timestamp)
    record.headers = inHand
  }

  /** Takes off notes of times that are over. */
  private forgetNotes(): void {
    const { store, duration, clock } = this
    for (let left = NOTES_PER_RECORD; left > 0; left--) {
      const row = store.firstNote()
      if (row === undefined || row.value!.time + duration >= clock.now) return
      store.write(row, undefined, row.timestamp, this.context.record.headers)
    }
  }
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
  <K, V>(options: Suppression<K>): ProcessorSupplier<K, Change<V>, K, Change<V>> =>
  () =>
    new SuppressProcessor(options)
