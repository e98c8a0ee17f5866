import type { SpanStore } from '../src/state/store.js'
import type { EventClock, TimeListener } from '../src/time/event-clock.js'
import { windowEnd } from '../src/windows/window.js'
import { LateRecords } from './late-records.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { NO_ORIGIN, OriginCounter, type RecordOrigin } from './record-origin.js'
import { synchronous } from './user-function.js'

/** What tells records apart: the key, and what a function says about those of one key; undefined: nothing does. */
export interface RecordId<K, I> {
  readonly key: K
  readonly id: I | undefined
}

/** When the records of an id came: each at its time, with its origin if it was handed on. */
export type SeenStore<K, I> = SpanStore<RecordId<K, I>, RecordOrigin>

/** How duplicates are told. */
export interface Deduplication<K, V, I> {
  /** Name of the store. */
  readonly store: string
  /** Null and undefined: the record is not compared. Absent: all records of a key have one id. */
  readonly id: ((value: V, key: K) => I | null | undefined) | undefined
  /** How near to another one of its id a record is a duplicate, milliseconds, included. */
  readonly within: number
  readonly time: 'event' | 'processing'
  /** How far records may be behind event time, milliseconds. */
  readonly grace: number
  /** Whether duplicates have later ones be duplicates, too. */
  readonly refresh: boolean
  /** The child that takes duplicates; undefined: nobody does. */
  readonly duplicates: string | undefined
  /** The child that takes late records; undefined: nobody does. */
  readonly late: string | undefined
}

class DeduplicateProcessor<K, V, I> implements Processor<K, V, K, V>, TimeListener {
  private context!: ProcessorContext<K, V>
  private downstream!: Downstream<K, V>
  private duplicates: Downstream<K, V> | undefined
  private late!: LateRecords<K, V>
  private store!: SeenStore<K, I>
  private clock!: EventClock
  private readonly origins = new OriginCounter()

  constructor(private readonly how: Deduplication<K, V, I>) {}

  init(context: ProcessorContext<K, V>): void {
    const { how } = this
    this.context = context
    this.downstream = context.downstream
    this.duplicates = how.duplicates === undefined ? undefined : context.child(how.duplicates)
    this.late = new LateRecords(context, how.late)
    this.store = context.store(how.store)
    this.clock = context.clock
    if (how.time === 'event') this.clock.onAdvance(this)
  }

  timeAdvanced(now: number): void {
    this.store.expireBy(now - 1)
  }

  process(key: K, value: V, timestamp: number): void {
    const { context, how } = this
    const id = this.idOf(key, value)
    if (id === undefined) {
      this.downstream.process(key, value, timestamp)
      return
    }
    this.origins.next(context.record)
    if (how.time === 'processing') {
      this.store.expireBy(context.systemTime)
      this.take(id, key, value, timestamp, context.systemTime)
    } else if (timestamp < this.clock.observe(timestamp) - how.grace) this.late.drop(key, value, timestamp)
    else this.take(id, key, value, timestamp, timestamp)
  }

  /** @param at when it came, in the time that decides */
  private take(id: RecordId<K, I>, key: K, value: V, timestamp: number, at: number): void {
    const { context, how } = this
    const duplicate = this.isDuplicate(id, at)
    if (!duplicate || how.refresh) this.see(id, at, duplicate)
    if (!duplicate) this.downstream.process(key, value, timestamp)
    else {
      context.dropped('duplicate')
      this.duplicates?.process(key, value, timestamp)
    }
  }

  /** Undefined where a record is not compared. */
  private idOf(key: K, value: V): RecordId<K, I> | undefined {
    if (key === null || key === undefined) return undefined
    const { id } = this.how
    if (id === undefined) return { key, id: undefined }
    let own: I | null | undefined
    try {
      own = synchronous(id(value, key))
    } catch (cause) {
      throw this.context.userError(cause)
    }
    return own === null || own === undefined ? undefined : { key, id: own }
  }

  private isDuplicate(id: RecordId<K, I>, at: number): boolean {
    const { within } = this.how
    const seen = this.store.range(id, Math.max(0, at - within), at + within)
    for (let index = 0; index < seen.length; index++) {
      // It was seen, and handed on, but that was not committed: at_least_once does it again.
      if (this.origins.is(seen[index]!.value!)) return false
    }
    return seen.length > 0
  }

  private see(id: RecordId<K, I>, at: number, duplicate: boolean): void {
    const { store, how, context, origins } = this
    const row = store.span(id, at, windowEnd(at, Math.max(1, how.within)))
    // One that is there already may be of a record that was handed on, which is more to know.
    if (row === undefined || (duplicate && row.value !== undefined)) return
    store.write(row, duplicate ? NO_ORIGIN : origins.origin, at, context.record.headers)
  }
}

/**
 * Hands on the records that are no duplicates: those with no other one of their id within some time that was handed on
 * before, or, with `refresh`, that came before. Records without key or id are handed on in any case. With event time, one
 * that is too far behind it is late: what it could be a duplicate of may be forgotten.
 */
export const deduplicate =
  <K, V, I>(how: Deduplication<K, V, I>): ProcessorSupplier<K, V, K, V> =>
  () =>
    new DeduplicateProcessor(how)
