import { InvalidCountError, parseCount } from '../errors/count.js'

/**
 * Windows of a number of records of a key, in the order in which they are processed, whatever their timestamps. Immutable.
 * (Flink: `countWindow`.)
 *
 * @example
 * ```ts
 * const pairs = clicks
 *   .groupByKey()
 *   .windowedBy(CountWindows.of(2))
 *   .reduce((path, page) => `${path}, ${page}`, { store: 'pairs' })
 * assert.deepEqual(results(pairs), ['ann: home, cart'])
 * ```
 */
export class CountWindows {
  private constructor(
    /** How many records a window has. */
    readonly records: number,
    /** After how many records a window ends: with as many as it has one is behind the other, with less they overlap. */
    readonly advance: number,
  ) {}

  /**
   * Windows of so many records, one behind the other.
   *
   * @throws {InvalidCountError} if that is not a whole number of at least 1.
   * @example
   * ```ts
   * assert.equal(CountWindows.of(100).advance, 100)
   * ```
   */
  static of(records: number): CountWindows {
    const size = parseCount('CountWindows.of', records, 'records')
    return new CountWindows(size, size)
  }

  /**
   * The same windows, of which one ends after every `advance` records of a key, with the last records: fewer at first.
   *
   * @throws {InvalidCountError} if it is not a whole number from 1 to what a window has: records would fall between the windows.
   * @example
   * ```ts
   * assert.equal(CountWindows.of(100).advanceBy(10).advance, 10)
   * ```
   */
  advanceBy(advance: number): CountWindows {
    const step = parseCount('CountWindows.advanceBy', advance, 'records')
    if (step > this.records) {
      throw new InvalidCountError(
        `CountWindows.advanceBy: ${step} is more than the ${this.records} records of a window, and records between two ` +
          'windows would be in none: advance by the size at most',
      )
    }
    return new CountWindows(this.records, step)
  }
}
