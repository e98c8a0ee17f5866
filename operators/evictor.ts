import type { TriggerContext } from './trigger.js'
import { synchronous } from './user-function.js'

/** A record in a window that keeps its records. */
export interface WindowElement<V> {
  readonly value: V
  /** Event time, epoch milliseconds. */
  readonly timestamp: number
}

/** What an {@link Evictor} has of a key's window. One object for all; it holds while the evictor is called. */
export type EvictorContext = Pick<
  TriggerContext<never>,
  'window' | 'maxTimestamp' | 'currentEventTime' | 'currentProcessingTime'
>

/**
 * Says which elements of a window stay when its trigger fires (Flink's `Evictor`). Each function gets them in the order in
 * which they came, gives back those that stay, and changes neither list nor elements. The others are gone for good.
 *
 * @template V the values that come
 */
export interface Evictor<V> {
  /** Before the window function, which gets what stays: none, too. Absent: all stay. */
  evictBefore?<E extends WindowElement<V>>(elements: readonly E[], context: EvictorContext): readonly E[]
  /** After the window function. What stays is there when the trigger fires next. Absent: all stay. */
  evictAfter?<E extends WindowElement<V>>(elements: readonly E[], context: EvictorContext): readonly E[]
}

/** What an evictor keeps of elements; they are of the list, else it is told so. */
export function staying<E>(elements: readonly E[], given: readonly E[] | undefined): readonly E[] {
  if (given === undefined || given === elements) return elements
  if (!Array.isArray(synchronous(given))) {
    throw new TypeError(`an evictor gives a list of the elements that stay, and not ${String(given)}`)
  }
  const stay = new Set(given)
  const kept = elements.filter((element) => stay.has(element))
  if (kept.length !== given.length) {
    throw new TypeError('an evictor gives elements that are not of the window, or one of them twice')
  }
  return kept
}
