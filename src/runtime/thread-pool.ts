import { Backoff } from '../kafka/transport/backoff.js'
import type { StreamThreadHandle } from './stream-thread-handle.js'
import { StreamsError } from './streams-error.js'

/** The first thread that takes the place of another begins about a second after that has ended, later ones later. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000
/** After this long without a failure the next one is a first one again. */
const STEADY_AFTER_MS = 10 * 60_000

/** The time for an orderly end was over. */
export class CloseTimeoutError extends StreamsError {
  override readonly name = 'CloseTimeoutError'

  constructor(timeoutMs: number) {
    super(
      'CLOSE_TIMEOUT',
      `the client did not end within ${timeoutMs} ms and was stopped: what it had not committed is done again after the next start`,
    )
  }
}

interface Place {
  thread: StreamThreadHandle
  begunAt: number
  readonly backoff: Backoff
  /** Settles when what takes the place of a thread that has ended has begun. */
  replaced: Promise<void>
}

/** The stream threads of a client. */
export class ThreadPool {
  private readonly places: readonly Place[]
  private readonly ending = new AbortController()

  /**
   * @param failed told of threads in the place of others that did not begin
   * @param warn told of what went wrong at the end of those
   */
  constructor(
    count: number,
    private readonly create: (index: number) => StreamThreadHandle,
    private readonly failed: (error: unknown, index: number) => void,
    private readonly warn: (error: unknown) => void,
    newBackoff: () => Backoff = () => new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
  ) {
    this.places = Array.from({ length: count }, (_, index) => ({
      thread: create(index),
      begunAt: performance.now(),
      backoff: newBackoff(),
      replaced: Promise.resolve(),
    }))
  }

  /** The threads that there are, by their indexes. */
  get threads(): readonly StreamThreadHandle[] {
    return this.places.map(({ thread }) => thread)
  }

  /** Resolves when all threads are members of the group; rejects where one does not begin. */
  async start(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.start()))
  }

  /** Puts another thread in the place of one that has ended, once that has released everything, and after a pause. */
  replace(index: number): void {
    const place = this.places[index]!
    place.replaced = this.startAnother(place, index).catch((error: unknown) => {
      if (!this.ending.signal.aborted) this.failed(error, index)
    })
  }

  private async startAnother(place: Place, index: number): Promise<void> {
    const { signal } = this.ending
    if (performance.now() - place.begunAt > STEADY_AFTER_MS) place.backoff.reset()
    await place.thread.close().catch(this.warn)
    await place.backoff.pause(signal)
    if (signal.aborted) return
    place.thread = this.create(index)
    place.begunAt = performance.now()
    await place.thread.start()
  }

  /**
   * Ends all threads.
   *
   * @returns what kept one from ending in order; undefined: nothing did
   */
  async close(timeoutMs: number): Promise<unknown> {
    this.ending.abort()
    const outcomes = await Promise.allSettled(this.threads.map((thread) => closeWithin(thread, timeoutMs)))
    await Promise.all(this.places.map(({ replaced }) => replaced))
    return outcomes.find((outcome) => outcome.status === 'rejected')?.reason
  }
}

/**
 * Closes a thread, or ends it when the time is over.
 *
 * @throws {CloseTimeoutError} in the latter case
 */
async function closeWithin(thread: StreamThreadHandle, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<'expired'>((resolve) => {
    timer = setTimeout(() => resolve('expired'), timeoutMs)
  })
  try {
    if ((await Promise.race([thread.close(), expired])) !== 'expired') return
    await thread.terminate()
    throw new CloseTimeoutError(timeoutMs)
  } finally {
    clearTimeout(timer)
  }
}
