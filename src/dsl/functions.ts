import type { DeepReadonly } from '../serdes/deep-readonly.js'

/**
 * What a function of an operator may return: anything but a promise. Records run through a topology by plain calls,
 * so an async function does not compile here.
 */
export type Synchronous<R> = R extends PromiseLike<unknown> ? 'an operator must not return a promise' : R

/** Tells the compiler what the values are that a filter keeps. */
export type ValueGuard<K, V, V2 extends V> = (key: K, value: V) => value is V2

/** What an aggregating function may return: the next aggregate, the one it was given, or null, which deletes it. */
export type AggregateResult<A> = A | DeepReadonly<A> | null

/** The values of a table whose aggregating function returns `R`: null is among them if it may delete. */
export type Aggregated<A, R> = A | Extract<R, null>
