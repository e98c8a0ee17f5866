/** A value that may be there at once. */
export type MaybePromise<T> = T | PromiseLike<T>

/** Steps, each of which may be there at once or later. */
export type Steps<T> = Generator<MaybePromise<unknown>, T, unknown>

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

/** Waits for a value within {@link Steps}. */
export function* step<T>(value: MaybePromise<T>): Generator<MaybePromise<unknown>, T, unknown> {
  return (yield value) as T
}

/** Runs steps: without a promise where none of them has one, so that what is in memory serves synchronous callers too. */
export function settle<T>(steps: Steps<T>): MaybePromise<T> {
  let result = steps.next()
  while (!result.done) {
    const { value } = result
    if (isPromise(value)) return settleLater(steps, value)
    result = steps.next(value)
  }
  return result.value
}

async function settleLater<T>(steps: Steps<T>, first: PromiseLike<unknown>): Promise<T> {
  let pending: MaybePromise<unknown> = first
  for (;;) {
    let result: IteratorResult<MaybePromise<unknown>, T>
    try {
      const value = await pending
      result = steps.next(value)
    } catch (error) {
      result = steps.throw(error)
    }
    if (result.done) return result.value
    pending = result.value
  }
}

/**
 * Waits no longer than somebody wants it.
 *
 * @throws the reason of the signal
 */
export function unlessAborted<T>(waiting: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    waiting.then(resolve, reject).then(() => signal?.removeEventListener('abort', abort))
  })
}
