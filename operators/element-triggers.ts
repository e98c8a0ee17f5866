import { int64 } from '../src/serdes/int64.js'
import type { Serde } from '../src/serdes/serde.js'
import { fires, type Trigger } from './trigger.js'
import { synchronous } from './user-function.js'

/** Never fires. */
export const neverTrigger = (): Trigger<unknown, undefined> => ({
  onElement: () => 'continue',
  onEventTime: () => 'continue',
  onProcessingTime: () => 'continue',
  onMerge: () => undefined,
})

/** Fires at every so many records. Sessions that become one have the records of all; that alone does not fire. */
export const countTrigger = (most: number): Trigger<unknown, number> => ({
  state: int64(),
  onElement: (_value, _timestamp, context) => {
    const count = (context.state ?? 0) + 1
    const reached = count >= most
    context.state = reached ? undefined : count
    return reached ? 'fire' : 'continue'
  },
  onEventTime: () => 'continue',
  onProcessingTime: () => 'continue',
  onMerge: (merged, context) => {
    const sum = merged.reduce<number>((total, count) => total + (count ?? 0), 0)
    context.state = sum === 0 ? undefined : sum
  },
})

/**
 * Fires when a value is further from the one that fired last than a threshold; the first one of a window is where it
 * begins.
 */
export const deltaTrigger = <V>(
  threshold: number,
  distance: (last: V, value: V) => number,
  state: Serde<V>,
): Trigger<V, V> => ({
  state,
  onElement: (value, _timestamp, context) => {
    const last = context.state
    if (last !== undefined && !(synchronous(distance(last, value)) > threshold)) return 'continue'
    context.state = value
    return last === undefined ? 'continue' : 'fire'
  },
  onEventTime: () => 'continue',
  onProcessingTime: () => 'continue',
})

/** Fires when another trigger does, and drops what the window holds then. */
export const purgingTrigger = <V, S>(trigger: Trigger<V, S>): Trigger<V, S> => ({
  state: trigger.state,
  onElement: (value, timestamp, context) => purged(trigger.onElement(value, timestamp, context)),
  onEventTime: (timestamp, context) => purged(trigger.onEventTime(timestamp, context)),
  onProcessingTime: (timestamp, context) => purged(trigger.onProcessingTime(timestamp, context)),
  ...(trigger.onMerge && { onMerge: (merged, context) => trigger.onMerge!(merged, context) }),
  clear: (context) => trigger.clear?.(context),
})

const purged = (result: ReturnType<Trigger<never, never>['onEventTime']>) =>
  fires(result) ? 'fireAndPurge' : result
