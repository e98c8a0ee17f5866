import { setMaxListeners } from 'node:events'

/**
 * Does work for each of several things at the same time. Where one fails, or the signal is aborted, the others are given
 * up; it rejects with the first error, once none of them is at work any more.
 *
 * @param work is to end soon when the signal that it gets is aborted
 */
export async function sideBySide<T>(
  signal: AbortSignal,
  things: readonly T[],
  work: (thing: T, givenUp: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController()
  const giveUp = (): void => over.abort(signal.reason)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  // Everything that is at work listens.
  setMaxListeners(0, over.signal)
  const ended = things.map((thing) => work(thing, over.signal).catch((error: unknown) => over.abort(error)))
  await Promise.all(ended)
  signal.removeEventListener('abort', giveUp)
  over.signal.throwIfAborted()
}
