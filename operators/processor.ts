import type { RecordHeaders } from '../src/serdes/record-headers.js'
import type { StateStore } from '../src/state/store.js'
import type { EventClock } from '../src/time/event-clock.js'
import type { TimeGate } from '../src/time/time-gate.js'
import type { Cancellable, PunctuationType } from './processor-api.js'

/** What takes records: a processor, a sink, or a fan-out to several of them. A plain synchronous call. */
export interface Downstream<K, V> {
  process(key: K, value: V, timestamp: number): void
}

/**
 * One step of a topology. Records arrive one at a time and run depth-first: when `process` returns, everything
 * that the record causes downstream in this task has happened.
 */
export interface Processor<KIn, VIn, KOut, VOut> extends Downstream<KIn, VIn> {
  /** Called once, before the first record, when stores and downstream are ready. */
  init(context: ProcessorContext<KOut, VOut>): void
  close?(): void
  /**
   * How far behind event time records lie at most that it hands on because of the time alone, milliseconds; known when
   * it has begun. Absent: it hands on none. Where time comes from watermarks, those after it get it so much later.
   */
  readonly holdsBack?: number
  /** Set, once it has begun, where event time goes past it only behind what is in flight. */
  readonly timeGate?: TimeGate | undefined
}

/** What an operator has asked of the outside, for metrics. */
export interface CallCounts {
  /** Records whose result is not handed on yet. */
  readonly inFlight: number
  /** Attempts that were made. */
  readonly attempts: number
  /** Attempts that were repetitions. */
  readonly retries: number
  /** Records whose time ran out. */
  readonly timeouts: number
  /** Records that got no result. */
  readonly failures: number
  /** State of the circuit breaker; undefined: there is none. */
  readonly breaker: 'closed' | 'open' | 'half-open' | undefined
}

/** The timers of an operator, for metrics. */
export interface TimerCounts {
  /** Timers that are set and have not fired. */
  readonly pending: number
  /** Timers that have fired. */
  readonly fired: number
}

/** What an operator asks of the outside, while its task does other things. */
export interface OutsideCalls {
  /** Whether no further record is to be read: as many are in flight as may be. */
  readonly full: boolean
  /** Whether an answer is awaited that comes by itself, whatever the clock says. */
  readonly calling: boolean
  /** Whether a result has come that can be handed on. */
  readonly ready: boolean
  /** Hands on what has come, in steps. */
  takeResults(): void
  /** When the wall clock has something to do here, epoch milliseconds; infinite: never. */
  readonly due: number
  /** Does what the wall clock has due. */
  clockMoved(now: number): void
  /** Cancels all: nobody waits for the results any more. */
  abandon(): void
  readonly counts: CallCounts
}

/** Makes a fresh processor for each task. */
export type ProcessorSupplier<KIn, VIn, KOut, VOut> = () => Processor<KIn, VIn, KOut, VOut>

/** Where the record in hand comes from. One mutable object per task; copy what must outlive the record. */
export interface RecordContext {
  topic: string
  partition: number
  offset: number
  headers: RecordHeaders
}

/**
 * Why a record had no effect, or, if what it is for was too old to be kept (`expired`), one that does not last. Every such
 * record is counted under its operator and reason.
 */
export type DropReason =
  | 'null-key'
  | 'null-value'
  | 'late'
  | 'expired'
  | 'out-of-order'
  | 'outdated'
  | 'duplicate'
  | 'invalid-timestamp'
  | 'deserialization'
  | 'processing-error'
  | 'production-error'

/** What is committed of an operator with the offsets, so that it goes on where it was, its event time too. */
export interface OperatorProgress {
  /** The time by which windows had closed when rows were last handed on for it, all of them; -1: never. */
  closeTime: number
  /** The greatest position of a row that it wrote and that is to be handed on when its window has closed; -1: none. */
  greatest: number
  /** The wall time before which it does not look for closed windows again; -1: it has not looked. */
  nextLook: number
  /** Set while rows are being handed on. */
  handingOn: HandingOn | undefined
  /** How often `waitingSince` has changed: so the later of two states is known. */
  waitingChanges: number
  /**
   * Of a join: the time from which on it looks for records that have met none, with watermarks the one up to which none has
   * to be handed on; -1: none waits.
   */
  waitingSince: number
}

/** How far the handing on of rows has come that closed at a time. */
export interface HandingOn {
  readonly closeTime: number
  /** How many of them were handed on. */
  count: number
  /** Of a join: the time of the last one, as long as the task runs. */
  lastSeen?: number
}

/**
 * Does a part of something long.
 *
 * @param interrupted whether something downstream is to be done first: then the step ends early
 * @returns whether anything is left
 */
export type Step = (interrupted: () => boolean) => boolean

/** Something that rings once, when the wall clock has come to a time. */
export interface Alarm {
  /** Sets the time, epoch milliseconds, instead of the one that it was set to; infinite: it does not ring. */
  set(at: number): void
}

/** What a task gives to a processor. */
export interface ProcessorContext<K, V> {
  /** The node's name in the topology. */
  readonly name: string
  readonly taskId: string
  /** All children of this node, in the order of their creation. */
  readonly downstream: Downstream<K, V>
  /** One child by name, for operators that route. Throws if there is no such child. */
  child(name: string): Downstream<K, V>
  /** The record in hand. */
  readonly record: RecordContext
  /** This operator's event time. */
  readonly clock: EventClock
  /** A store that is connected to this node. Throws, naming node and store, if it is not. */
  store<S extends StateStore>(name: string): S
  /** The greatest timestamp that the task has read; -1 before the first record. */
  readonly streamTime: number
  /** The watermark of what the task reads; undefined: none is known, or there are none. */
  readonly watermark: number | undefined
  /** The wall clock, epoch milliseconds. */
  readonly systemTime: number
  /** What is committed of this operator beside its stores. */
  readonly progress: OperatorProgress
  /** The least wall time between two looks for windows that have closed, milliseconds. */
  readonly emitInterval: number
  /** Calls a function again and again, while no record is in hand. */
  schedule(interval: number, type: PunctuationType, fire: (timestamp: number) => void): Cancellable
  /** Makes an alarm, which is not set yet. It rings while no record is in hand. */
  alarm(ring: () => void): Alarm
  /**
   * Does something long: the first step at once, the others before the next record, commits in between. In `init` none
   * is done at once.
   */
  inSteps(step: Step): void
  /** Has the task look after what the operator asks of the outside. */
  callsOutside(calls: OutsideCalls): void
  /** Has the task tell of the operator's timers. */
  setsTimers(timers: TimerCounts): void
  /** Tells, at any time, that there may be something to do for what was asked of the outside. */
  answerCame(): void
  /** Tells that more event time may go past the operator's {@link TimeGate}. */
  timePassed(): void
  /** Asks for a commit soon. */
  requestCommit(): void
  /** Counts a record that is not processed further. */
  dropped(reason: DropReason): void
  /**
   * The error to throw when a user's function threw or returned a promise: names the operator and the topic,
   * partition and offset of the record in hand.
   */
  userError(cause: unknown): Error
  /**
   * Tells that a user's function failed on a record, outside of a call of `process`: counts the record as left out, or
   * throws the error where the application is to fail.
   */
  failed(cause: unknown, key: unknown, value: unknown, timestamp: number): void
}
