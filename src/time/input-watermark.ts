import type { QuietTime } from './quiet-time.js'

/** How far the event time of an input of a task has come. */
export interface InputWatermark {
  /** Everything earlier has come: its watermark + 1. -1: nothing is known yet. Never goes back. */
  readonly eventTime: number
  /** Whether the others are not to wait for it. */
  readonly idle: boolean
  /** The part of its event time for which nothing happens, if it is the only input. */
  readonly quiet: QuietTime
}

/** The last event time of all: no input has anything to come any more. The greatest time of a `Date`. */
export const END_OF_TIME = 8_640_000_000_000_000

/** The last timestamp of a window without end: everything up to it has come when event time ends. */
export const LAST_TIMESTAMP = END_OF_TIME - 1

/**
 * How far a task's event time has come by its inputs: the least of those that are not idle, and where all are, the
 * greatest of all.
 */
export function combinedEventTime(inputs: readonly Pick<InputWatermark, 'eventTime' | 'idle'>[]): number {
  let least = Number.POSITIVE_INFINITY
  let greatest = -1
  for (let at = 0; at < inputs.length; at++) {
    const { eventTime, idle } = inputs[at]!
    if (eventTime > greatest) greatest = eventTime
    if (!idle && eventTime < least) least = eventTime
  }
  return least === Number.POSITIVE_INFINITY ? greatest : least
}
