import { CodedError } from '../src/errors/coded-error.js'

/**
 * What a function may return that is called for its effect: anything but a promise, so that an async function,
 * whose errors and order would be lost, does not compile.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: `void` alone would accept async functions.
export type NotPromise = void | null | undefined | boolean | number | string | bigint | symbol | SyncObject
type SyncObject = object & { readonly then?: never }

/** A function of the user returned a promise where a value is needed at once. */
export class PromiseReturnedError extends CodedError {
  override readonly name = 'PromiseReturnedError'

  constructor() {
    super(
      'PROMISE_RETURNED',
      'the function returned a promise, but this operator is synchronous: do asynchronous work with mapAsync',
    )
  }
}

/** Gives back what a user's function returned, unless it is a promise. */
export function synchronous<T>(result: T): T {
  if (typeof result === 'object' && result instanceof Promise) {
    // The refusal is the error; a rejection of the promise on top of it would end the process before it is handled.
    result.catch(() => undefined)
    throw new PromiseReturnedError()
  }
  return result
}

/** The items that a user's function returned, as an array; a generator runs to its end here. */
export function listOf<T>(result: Iterable<T>): readonly T[] {
  if (Array.isArray(result)) return result
  synchronous(result)
  if (typeof result?.[Symbol.iterator] === 'function') return Array.from(result)
  throw new TypeError(`an iterable is expected from the function, such as an array, got ${String(result)}`)
}
