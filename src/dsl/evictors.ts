import type { Evictor } from '../../operators/evictor.js'
import { countEvictor, deltaEvictor, timeEvictor } from '../../operators/evictors.js'
import { parseCount } from '../errors/count.js'
import { type Duration, parseDuration } from '../time/duration.js'
import { TopologyError } from '../topology/topology-error.js'

/** When an evictor has its turn. */
export interface EvictorOptions {
  /**
   * Whether elements go after the window function has had them (Flink's `doEvictAfter`). Default: false, it gets what stays.
   */
  readonly after?: boolean | undefined
}

/**
 * Which elements of a window stay when its trigger fires, with Flink's semantics: {@link TriggeredKStream.evict}. What does
 * not stay is gone for good. An object of your own can be an {@link Evictor}, too.
 */
export const Evictors = {
  /**
   * The last ones, in the order in which they came.
   *
   * @param elements how many stay at most
   * @throws {InvalidCountError} if it is not a whole number of at least 1.
   * @example
   * ```ts
   * const batches = clicks
   *   .groupByKey()
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.count(2))
   *   .evict(Evictors.count(1, { after: true }))
   *   .apply((_, pages) => pages.join(', '))
   * assert.deepEqual(results(batches.selectKey(({ key }) => key)), ['ann: home, cart'])
   * ```
   */
  count: (elements: number, { after = false }: EvictorOptions = {}): Evictor<unknown> =>
    countEvictor(parseCount('Evictors.count', elements, 'elements'), after),

  /**
   * Those that are less than an interval older than the newest one, in whatever order they came.
   *
   * @throws {InvalidDurationError} if the interval is not at least a millisecond.
   * @example
   * ```ts
   * const lastMinutes = clicks
   *   .groupByKey()
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.count(1))
   *   .evict(Evictors.time('10m'))
   *   .apply((_, pages) => pages.length)
   * assert.deepEqual(results(lastMinutes.selectKey(({ key }) => key)), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 1'])
   * ```
   */
  time: (interval: Duration, { after = false }: EvictorOptions = {}): Evictor<unknown> =>
    timeEvictor(parseDuration('Evictors.time', interval, { min: 1 }), after),

  /**
   * Those whose distance to the one that came last is less than a threshold.
   *
   * @throws {TopologyError} if the threshold is no number.
   * @param distance gets the values of both; neither must be changed
   * @example
   * ```ts
   * const alike = flights
   *   .mapValues(({ delay }) => delay)
   *   .groupByKey({ value: int32() })
   *   .windowedBy(GlobalWindows.of())
   *   .trigger(Triggers.count(2))
   *   .evict(Evictors.delta(30, (delay: number, last) => Math.abs(last - delay)))
   *   .apply((_, delays) => delays.join(', '))
   * assert.deepEqual(results(alike.selectKey(({ key }) => key)), ['SFO: 20, 45', 'LGA: 0, 5'])
   * ```
   */
  delta: <V>(
    threshold: number,
    distance: (value: V, last: V) => number,
    { after = false }: EvictorOptions = {},
  ): Evictor<V> => {
    if (typeof threshold !== 'number' || Number.isNaN(threshold)) {
      throw new TopologyError('Evictors.delta', `${String(threshold)} is no threshold`, 'give it a number')
    }
    return deltaEvictor(threshold, distance, after)
  },
}
