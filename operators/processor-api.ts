import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { Store } from '../src/state/stores.js'
import type { Duration } from '../src/time/duration.js'
import type { Timer, Timers, TimersDeclaration } from './timers.js'
import type { NotPromise } from './user-function.js'

/** A record as a processor of the user's sees it. Immutable: to change something, `{ ...record, value }`. */
export interface ProcessorRecord<K, V> {
  readonly key: K
  readonly value: V
  /** Event time, epoch milliseconds. */
  readonly timestamp: number
  readonly headers: RecordHeaders
}

/** A record that a processor forwards; without headers it has none. */
export type ForwardedRecord<K, V> = Omit<ProcessorRecord<K, V>, 'headers'> & {
  readonly headers?: RecordHeaders
}

/** A record that a processor forwards which may not change the key. */
export type ForwardedValue<V> = Omit<ForwardedRecord<unknown, V>, 'key'>

/** Where the record in hand comes from. */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/**
 * - `stream-time`: the greatest timestamp that the task has read. Fires at multiples of the interval, after the record
 *   that reaches one, at most once a record: ticks that are skipped are not made up for. The first record fires.
 * - `wall-clock`: the clock of the machine, an interval after the schedule began and so on; ticks missed are skipped.
 */
export type PunctuationType = 'stream-time' | 'wall-clock'

/** A schedule that can be ended. */
export interface Cancellable {
  /** Fires no more. Can be called again, and while it fires. */
  cancel(): void
}

/** What every user's processor has of its task. */
export interface ProcessingContext {
  /** For example `0_3`: sub-topology 0, partition 3. */
  readonly taskId: string
  /** Name of the operator in the topology. */
  readonly name: string
  /** The record in hand; undefined while a schedule or timer fires. */
  readonly recordMetadata: RecordMetadata | undefined
  /** The greatest timestamp that the task has read, epoch milliseconds; -1 before the first record. */
  readonly currentStreamTime: number
  /**
   * The watermark of the task: records with timestamps up to it have come, by what its sources say, all but late ones.
   * While results are handed on because of a watermark, it is that one. Undefined where sources have no watermarks, or
   * where none is known yet.
   */
  readonly currentWatermark: number | undefined
  /** The wall clock, epoch milliseconds; in tests that of the driver. */
  readonly currentSystemTime: number
  /**
   * A store of the processor's.
   *
   * @throws {Error} if the processor was not connected to it: `process(supplier, { stores: [...] })`.
   */
  store<S>(definition: Store<S>): S
  /**
   * Calls a function again and again; what it forwards and stores is committed as that of records is.
   *
   * @param callback gets the time that fired it, epoch milliseconds.
   */
  schedule(
    interval: Duration,
    type: PunctuationType,
    callback: (timestamp: number) => NotPromise,
  ): Cancellable
  /** Asks for a commit soon; it is not made yet when this returns. */
  commit(): void
}

/** What a processor has that may have timers. */
export interface TimerContext {
  /**
   * The processor's timers.
   *
   * @throws {Error} if they were not declared: `process(supplier, { timers })`.
   */
  timers<K>(declaration: TimersDeclaration<K>): Timers<K>
}

/** What a {@link Processor} has of its task. */
export interface ProcessorContext<K, V> extends ProcessingContext, TimerContext {
  /**
   * Sends a record to all children, in the order in which they were added, or to one of a name. When this returns,
   * all that the record causes downstream has happened.
   *
   * @throws {Error} if there is no such child, or the timestamp is negative.
   */
  forward(record: ForwardedRecord<K, V>, child?: string): void
}

/** What a {@link FixedKeyProcessor} has of its task. */
export interface FixedKeyProcessorContext<V> extends ProcessingContext, TimerContext {
  /** Sends a record with the key of the one in hand, or of the timer that fires. See {@link ProcessorContext.forward}. */
  forward(record: ForwardedValue<V>, child?: string): void
}

/** Handles records one by one, with stores and schedules, and forwards what it likes (KIP-820). */
export interface Processor<KIn, VIn, KOut, VOut> {
  /** Called once a task, before its first record, when stores are ready. */
  init?(context: ProcessorContext<KOut, VOut>): void
  readonly process: (record: ProcessorRecord<KIn, VIn>) => NotPromise
  /** Called when a timer fires, see {@link Timers}. No record is in hand. */
  readonly onTimer?: (timer: Timer<KIn>) => NotPromise
  close?(): void
}

/** As {@link Processor}, but the key stays, so that nothing has to be repartitioned. */
export interface FixedKeyProcessor<K, V, VOut> {
  init?(context: FixedKeyProcessorContext<VOut>): void
  readonly process: (record: ProcessorRecord<K, V>) => NotPromise
  /** Called when a timer fires, see {@link Timers}. What it forwards has the timer's key. */
  readonly onTimer?: (timer: Timer<K>) => NotPromise
  close?(): void
}

/** Makes values of a table's rows, with stores. Called for deletions, too: with null. */
export interface ValueTransformer<K, V, VR> {
  init?(context: ProcessingContext): void
  readonly transform: (key: K, value: V | null) => VR
  close?(): void
}
