import { countTrigger, deltaTrigger, neverTrigger, purgingTrigger } from '../../operators/element-triggers.js'
import { ProcessingTimeoutTrigger, type WithTimeout } from '../../operators/processing-timeout-trigger.js'
import {
  type AroundTheEnd,
  continuousEventTimeTrigger,
  continuousProcessingTimeTrigger,
  type EarlyAndLate,
  EventTimeTrigger,
  processingTimeTrigger,
} from '../../operators/time-triggers.js'
import type { Trigger } from '../../operators/trigger.js'
import { parseCount } from '../errors/count.js'
import type { Serde } from '../serdes/serde.js'
import { type Duration, parseDuration } from '../time/duration.js'
import { TopologyError } from '../topology/topology-error.js'

/**
 * When results of windows are handed on, with Flink's semantics: {@link TimeWindowedKStream.trigger}. What they hand on is
 * all that the window has so far, again and again; {@link Triggers.purging} makes it what has come since. A class of your
 * own can be a {@link Trigger}, too.
 */
export const Triggers = {
  /**
   * When everything up to the window's last timestamp has come, and then at each record that comes for it still, within
   * the grace of the windows. Before that when `early` fires, and afterwards, instead of at each record, when `late` does.
   *
   * @example
   * ```ts
   * const perHour = clicks
   *   .groupByKey()
   *   .windowedBy(TumblingWindows.of('30m'))
   *   .trigger(Triggers.eventTime({ early: Triggers.count(1) }))
   *   .count()
   * assert.deepEqual(results(perHour), ['ann 0s-30m: 1', 'ann 0s-30m: 2', 'bob 0s-30m: 1', 'ann 1h-90m: 1', 'ann 0s-30m: 2', 'bob 0s-30m: 1'])
   * ```
   */
  eventTime: <V = unknown, E = undefined, L = undefined>(
    around: AroundTheEnd<V, E, L> = {},
  ): Trigger<V, EarlyAndLate<E, L>> => new EventTimeTrigger(around),

  /** When the clock of the machine reaches the window's last timestamp. */
  processingTime: (): Trigger<unknown, undefined> => processingTimeTrigger(),

  /**
   * At every `records` records of a window.
   *
   * @throws {InvalidCountError} if it is not a whole number of at least 1.
   * @example
   * ```ts
   * const pairs = clicks.groupByKey().windowedBy(GlobalWindows.of()).trigger(Triggers.count(2)).count()
   * assert.deepEqual(results(pairs.selectKey(({ key }) => key)), ['ann: 2'])
   * ```
   */
  count: (records: number): Trigger<unknown, number> =>
    countTrigger(parseCount('Triggers.count', records, 'records')),

  /**
   * At a record whose distance from the one that fired last, at first from the first one, is more than a threshold.
   * Not for sessions.
   *
   * @throws {TopologyError} if the threshold is no number.
   * @param distance gets the values of both; neither must be changed
   * @param options the serde of the value that is kept
   * @example
   * ```ts
   * const jumps = flights
   *   .mapValues(({ delay }) => delay)
   *   .groupByKey({ value: int32() })
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.delta(30, (last: number, delay) => delay - last, { value: int32() }))
   *   .reduce((_, delay) => delay)
   * assert.deepEqual(results(jumps.selectKey(({ key }) => key)), [])
   * ```
   */
  delta: <V>(
    threshold: number,
    distance: (last: V, value: V) => number,
    { value }: { readonly value: Serde<V> },
  ): Trigger<V, V> => {
    if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
      throw new TopologyError('Triggers.delta', `${String(threshold)} is no threshold`, 'give it a number')
    }
    return deltaTrigger(threshold, distance, value)
  },

  /**
   * At the multiples of an interval of event time, from the first record of a window on, when everything up to its last
   * timestamp has come, and at each record that comes for it still. Sessions that become one fire next when the first
   * of them was to: at an end, too, that they have outgrown; the interval goes on from there.
   *
   * @throws {InvalidDurationError} if the interval is not at least a millisecond.
   */
  continuousEventTime: (interval: Duration): Trigger<unknown, number> =>
    continuousEventTimeTrigger(parseDuration('Triggers.continuousEventTime', interval, { min: 1 })),

  /**
   * At the multiples of an interval of the machine's clock, from the first record of a window on, as long as the window
   * is there. Ticks that are missed are not made up for.
   *
   * @throws {InvalidDurationError} if the interval is not at least a millisecond.
   */
  continuousProcessingTime: (interval: Duration): Trigger<unknown, number> =>
    continuousProcessingTimeTrigger(parseDuration('Triggers.continuousProcessingTime', interval, { min: 1 })),

  /**
   * When another trigger fires, and a time by the machine's clock after the first record that has come since something
   * fired: nothing waits for longer. When it fires, the other trigger begins anew, too. Where it is to purge, have
   * {@link Triggers.purging} be around it.
   *
   * @param timeout how long after the first record; with `renew`, after the last one
   * @throws {InvalidDurationError} if the timeout is not at least a millisecond.
   * @example
   * ```ts
   * const batches = clicks
   *   .groupByKey()
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.purging(Triggers.processingTimeout(Triggers.count(2), '5s')))
   *   .reduce((one, other) => `${one}, ${other}`)
   * assert.deepEqual(results(batches.selectKey(({ key }) => key)), ['ann: home, cart'])
   * ```
   */
  processingTimeout: <V, S>(
    trigger: Trigger<V, S>,
    timeout: Duration,
    { renew = false }: { readonly renew?: boolean } = {},
  ): Trigger<V, WithTimeout<S>> =>
    new ProcessingTimeoutTrigger(
      trigger,
      parseDuration('Triggers.processingTimeout', timeout, { min: 1 }),
      renew,
    ),

  /**
   * When another trigger fires, and the window begins anew then: results are of what has come since the last one. What
   * the other trigger keeps stays.
   *
   * @example
   * ```ts
   * const pairs = clicks
   *   .groupByKey()
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.purging(Triggers.count(2)))
   *   .reduce((one, other) => `${one}, ${other}`)
   * assert.deepEqual(results(pairs.selectKey(({ key }) => key)), ['ann: home, cart'])
   * ```
   */
  purging: <V, S>(trigger: Trigger<V, S>): Trigger<V, S> => purgingTrigger(trigger),

  /** Not at all: the default of {@link GlobalWindows}. */
  never: (): Trigger<unknown, undefined> => neverTrigger(),
}
