import type { Serde } from '../src/serdes/serde.js'
import type { Window } from '../src/windows/window.js'

/**
 * What becomes of a window: its result is handed on (`fire`), what it holds is dropped and the next record begins anew
 * (`purge`), both, or neither.
 */
export type TriggerResult = 'continue' | 'fire' | 'purge' | 'fireAndPurge'

/** What a {@link Trigger} has of a key's window. One object for all; it holds while the trigger is called. */
export interface TriggerContext<S> {
  readonly window: Window
  /**
   * The last timestamp of the window: that before its end, of a session the one at which its gap is over, of a window
   * without end the end of time.
   */
  readonly maxTimestamp: number
  /** What the trigger keeps of this window; undefined: nothing. To change it, set another value. */
  state: S | undefined
  /** Up to which event time everything has come to the operator, epoch milliseconds; -1: nothing is known yet. */
  readonly currentEventTime: number
  /** The clock of the machine, epoch milliseconds; in tests that of the driver. */
  readonly currentProcessingTime: number
  /**
   * Has `onEventTime` be called when everything up to a time has come; one for each time, however often it is set.
   *
   * @throws {RangeError} if it is no time: epoch milliseconds
   */
  setEventTimer(timestamp: number): void
  /** Takes it back. */
  deleteEventTimer(timestamp: number): void
  /** Has `onProcessingTime` be called when the clock has reached a time. See {@link TriggerContext.setEventTimer}. */
  setProcessingTimer(timestamp: number): void
  /** Takes it back. */
  deleteProcessingTimer(timestamp: number): void
}

/**
 * Decides when the result of a window is handed on, and whether it goes on with what it holds (Flink's `Trigger`). State
 * and timers are for one key and window, kept in stores of the task, and gone with the window.
 *
 * @template V the values that come
 * @template S what it keeps of a window
 */
export interface Trigger<V, S> {
  /** Writes and reads what it keeps. Absent: it keeps nothing. */
  readonly state?: Serde<S> | undefined
  /** A record was added to the window. */
  onElement(value: V, timestamp: number, context: TriggerContext<S>): TriggerResult
  /** A timer of event time fires. */
  onEventTime(timestamp: number, context: TriggerContext<S>): TriggerResult
  /** A timer of processing time fires. */
  onProcessingTime(timestamp: number, context: TriggerContext<S>): TriggerResult
  /**
   * Sessions have become one, or another one has grown: `context` is for what is to come, without state and timers yet;
   * `clear` is called for those that were. Absent: it is not for sessions.
   *
   * @param merged what it kept of those that were; undefined: nothing
   */
  onMerge?(merged: readonly (S | undefined)[], context: TriggerContext<S>): void
  /** The window is gone: takes its timers back. */
  clear?(context: TriggerContext<S>): void
}

export const fires = (result: TriggerResult): boolean => result === 'fire' || result === 'fireAndPurge'
export const purges = (result: TriggerResult): boolean => result === 'purge' || result === 'fireAndPurge'
