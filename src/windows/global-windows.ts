import { END_OF_TIME } from '../time/input-watermark.js'
import type { Window } from './window.js'

/**
 * One window of everything that a key has, from the beginning to the end of time (Flink's `GlobalWindows`). It does not end
 * by itself, so no record is late; a trigger says when its result is handed on. Immutable.
 *
 * @example
 * ```ts
 * const everySecond = clicks.groupByKey().windowedBy(GlobalWindows.of()).trigger(Triggers.count(2)).count()
 * assert.deepEqual(results(everySecond.selectKey(({ key }) => key)), ['ann: 2'])
 * ```
 */
export class GlobalWindows {
  /** The one window. */
  readonly window: Window = { start: 0, end: END_OF_TIME }

  private constructor() {}

  /**
   * The window of everything.
   *
   * @example
   * ```ts
   * assert.equal(GlobalWindows.of().window.start, 0)
   * ```
   */
  static of(): GlobalWindows {
    return new GlobalWindows()
  }
}
