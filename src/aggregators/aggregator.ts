import type { Serde } from '../serdes/serde.js'

/**
 * A way to aggregate values, with all that `aggregate` needs: for grouped streams without windows, and with any windows. Those
 * that come with Millrace are in {@link Aggregators}; any object of this shape will do. Aggregates are not changed; a function
 * gives a new one, or the one that it was given.
 */
export interface StreamAggregator<V, A> {
  /** The aggregate before the first value; undefined: the first value makes it. */
  initializer(): A | undefined
  /** The aggregate with a value in it. */
  aggregator(key: unknown, value: V, aggregate: A | undefined): A
  /** Two aggregates in one, that of the session that ends earlier first. */
  merger(key: unknown, left: A | undefined, right: A): A
  /** Of aggregates, in stores and their changelogs. */
  readonly serde: Serde<A>
}

/** A way to aggregate the rows of a table, which come and go. */
export interface TableAggregator<V, A> {
  readonly retracting: Retracting<V, unknown, A>
}

/** How rows that come and go change an aggregate. */
export interface Retracting<V, S, A> {
  /** What is kept, with a row in it. */
  adder(key: unknown, value: V, kept: S | undefined): S
  /** What is kept, without a row that is in it; null: nothing is left. */
  subtractor(key: unknown, value: V, kept: S): S | null
  /** The aggregate, of what is kept. */
  result(kept: S): A
  /** Of what is kept, in stores and their changelogs. */
  readonly keptSerde: Serde<S>
  /** Of aggregates. */
  readonly serde: Serde<A>
}
