import type { Predicate } from '../../operators/filter.js'
import type { ValueGuard } from './functions.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'

/** Options of a branch. */
export interface BranchOptions<Name extends string> {
  /** The branch's name in the result of the split; the operator's name is that of the split with this behind it. */
  readonly name: Name
}

/**
 * Streams by the names of their branches; `Values` holds what their values are. Conditional, so that editors show the
 * branches and not this name.
 */
export type Branches<K, Values, Known extends KnownSerde> = Values extends infer V
  ? { readonly [Name in keyof V]: KStream<K, V[Name], Known> }
  : never

/**
 * A stream on its way to being split: see {@link KStream.split}. Ends with `defaultBranch()` or `noDefaultBranch()`.
 */
export interface BranchedKStream<K, V, Known extends KnownSerde, Values = Record<never, never>> {
  /**
   * Adds a branch for the records that meet the predicate and none of the predicates before it.
   *
   * @example
   * ```ts
   * const { veryLate, late } = flights
   *   .mapValues((flight) => flight.delay)
   *   .split()
   *   .branch((_, delay) => delay >= 30, { name: 'veryLate' })
   *   .branch((_, delay) => delay >= 15, { name: 'late' })
   *   .noDefaultBranch()
   * assert.deepEqual(results(veryLate), ['SFO: 45'])
   * assert.deepEqual(results(late), ['SFO: 20'])
   * ```
   */
  branch<V2 extends V, Name extends string>(
    predicate: ValueGuard<K, V, V2>,
    options: BranchOptions<Name>,
  ): BranchedKStream<K, V, Known, Values & Record<Name, V2>>
  branch<Name extends string>(
    predicate: Predicate<K, V>,
    options: BranchOptions<Name>,
  ): BranchedKStream<K, V, Known, Values & Record<Name, V>>

  /**
   * Ends the split; records that meet no predicate go to one more branch, named `default` unless it is given a name.
   *
   * @example
   * ```ts
   * const { cart, default: others } = clicks
   *   .split()
   *   .branch((_, page) => page === 'cart', { name: 'cart' })
   *   .defaultBranch()
   * assert.deepEqual(results(cart), ['ann: cart'])
   * assert.deepEqual(results(others), ['ann: home', 'bob: home', 'ann: home'])
   * ```
   */
  defaultBranch(): Branches<K, Values & Record<'default', V>, Known>
  defaultBranch<Name extends string>(
    options: BranchOptions<Name>,
  ): Branches<K, Values & Record<Name, V>, Known>

  /**
   * Ends the split; records that meet no predicate are dropped.
   *
   * @example
   * ```ts
   * const { cart } = clicks
   *   .split()
   *   .branch((_, page) => page === 'cart', { name: 'cart' })
   *   .noDefaultBranch()
   * assert.deepEqual(results(cart), ['ann: cart'])
   * ```
   */
  noDefaultBranch(): Branches<K, Values, Known>
}
