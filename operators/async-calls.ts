import { CodedError } from '../src/errors/coded-error.js'
import { type BreakerPolicy, CircuitBreaker } from './circuit-breaker.js'
import type { CallCounts } from './processor.js'
import { type RetryPolicy, retryDelay } from './retry-policy.js'

/** What an asynchronous function learns of its call. */
export interface AsyncCallContext {
  /** Aborted when nobody waits for the answer any more: its time is up, or the task ends here. Hand it on to `fetch`. */
  readonly signal: AbortSignal
  /** Counts the calls for this record, from 1. After a crash or a rebalance it begins anew. */
  readonly attempt: number
}

/** Asks the outside about a record. */
export type AsyncFunction<K, V, R> = (key: K, value: V, call: AsyncCallContext) => PromiseLike<R>

/** How calls are made. */
export interface CallPolicy {
  /** Calls at once at most. */
  readonly capacity: number
  /** Bytes in memory that records and results take at most. */
  readonly capacityBytes: number
  /** Milliseconds that all attempts of a call have together. */
  readonly timeout: number
  readonly retries: RetryPolicy
  readonly breaker: BreakerPolicy | undefined
}

/** A call was not answered in time. */
export class AsyncTimeoutError extends CodedError {
  override readonly name = 'AsyncTimeoutError'

  /** @param cause why the last attempt failed; undefined: it was not answered */
  constructor(timeout: number, attempts: number, cause?: unknown) {
    const calls = attempts === 1 ? '1 call' : `${attempts} calls`
    super('ASYNC_TIMEOUT', `no result within ${timeout} ms (option timeout), after ${calls}`, { cause })
  }
}

/** One record's call, over all its attempts. */
export interface Call<K, V, R> {
  readonly key: K
  readonly value: V
  attempts: number
  /** Milliseconds left to it when no attempt is being made. */
  left: number
  /** When the attempt that is being made ends, or the next one begins, epoch milliseconds. */
  at: number
  controller: AbortController | undefined
  /** Set once there is nothing to wait for any more. */
  outcome: { readonly result: R } | { readonly error: unknown } | undefined
}

/** A call that is not made yet. */
export const newCall = <K, V, R>(key: K, value: V, timeout: number): Call<K, V, R> => ({
  key,
  value,
  attempts: 0,
  left: timeout,
  at: 0,
  controller: undefined,
  outcome: undefined,
})

/** Makes calls: so many at once, in time, again where they fail, and not while the service does not work. */
export class AsyncCalls<K, V, R, C extends Call<K, V, R>> {
  private readonly breaker: CircuitBreaker | undefined
  /** In the order in which they came; not begun yet. */
  private readonly queue: C[] = []
  /** Those of which an attempt is being made. */
  private readonly running = new Set<C>()
  /** Those that wait for their next attempt. */
  private readonly backingOff = new Set<C>()
  private abandoned = false
  private attempts = 0
  private retries = 0
  private timeouts = 0
  private failures = 0
  /** Nothing is due earlier, epoch milliseconds. */
  due = Number.POSITIVE_INFINITY

  constructor(
    private readonly ask: AsyncFunction<K, V, R>,
    private readonly policy: CallPolicy,
    private readonly now: () => number,
    /** Told of each call that has its outcome, at any time. */
    private readonly settled: (call: C) => void,
    /** Told, at any time, that `due` is earlier than it was. */
    private readonly sooner: () => void,
  ) {
    this.breaker = policy.breaker && new CircuitBreaker(policy.breaker)
  }

  /** Makes a call as soon as it may be made. */
  add(call: C): void {
    this.queue.push(call)
    this.beginSome()
  }

  /** Whether an answer is awaited. */
  get calling(): boolean {
    return this.running.size > 0
  }

  counts(inFlight: number): CallCounts {
    const { attempts, retries, timeouts, failures, breaker } = this
    return { inFlight, attempts, retries, timeouts, failures, breaker: breaker?.state }
  }

  /** Ends what is late, and makes the calls that it is time for. */
  clockMoved(now: number): void {
    if (now < this.due) return
    for (const call of this.running) if (call.at <= now) this.timedOut(call)
    for (const call of this.backingOff) {
      if (call.at > now || !this.takePlace(now)) continue
      this.backingOff.delete(call)
      this.attempt(call, now)
    }
    this.beginSome()
    this.due = this.nextDue()
  }

  /** Cancels all calls, for good. */
  abandon(): void {
    this.abandoned = true
    const running = [...this.running]
    this.running.clear()
    this.backingOff.clear()
    this.queue.length = 0
    this.due = Number.POSITIVE_INFINITY
    for (const { controller } of running) controller!.abort()
  }

  private nextDue(): number {
    const callsFrom = this.breaker?.callsFrom ?? Number.NEGATIVE_INFINITY
    let due = Number.POSITIVE_INFINITY
    for (const { at } of this.running) due = Math.min(due, at)
    for (const { at } of this.backingOff) due = Math.min(due, Math.max(at, callsFrom))
    return this.queue.length > 0 && this.hasRoom ? Math.min(due, callsFrom) : due
  }

  private get hasRoom(): boolean {
    return this.running.size + this.backingOff.size < this.policy.capacity
  }

  private takePlace(now: number): boolean {
    return this.breaker === undefined || this.breaker.take(now)
  }

  private beginSome(): void {
    if (this.abandoned) return
    const now = this.now()
    while (this.queue.length > 0 && this.hasRoom && this.takePlace(now)) {
      this.attempt(this.queue.shift()!, now)
    }
    if (this.queue.length > 0 && this.hasRoom) this.dueBy(this.breaker!.callsFrom)
  }

  private attempt(call: C, now: number): void {
    this.attempts++
    if (call.attempts++ > 0) this.retries++
    call.at = now + call.left
    call.controller ??= new AbortController()
    this.running.add(call)
    this.dueBy(call.at)
    const { attempts: attempt, controller } = call
    // An answer to an attempt that was given up is none.
    const awaited = (): boolean => call.attempts === attempt && this.running.delete(call)
    this.answerOf(call, { signal: controller.signal, attempt }).then(
      (result) => {
        if (awaited()) this.answered(call, result)
      },
      (error: unknown) => {
        if (awaited()) this.failed(call, error)
      },
    )
  }

  private async answerOf({ key, value }: C, context: AsyncCallContext): Promise<R> {
    return this.ask(key, value, context)
  }

  private answered(call: C, result: R): void {
    this.breaker?.succeeded()
    this.settle(call, { result })
  }

  private failed(call: C, error: unknown): void {
    const { retries, timeout } = this.policy
    const now = this.now()
    let passes: boolean
    try {
      passes = retries.when(error)
    } catch (failure) {
      this.fail(call, failure)
      return
    }
    if (!passes) {
      // The service works: it has refused this record.
      this.breaker?.succeeded()
      this.fail(call, error)
      return
    }
    this.breaker?.failed(now)
    if (call.attempts > retries.max) {
      this.fail(call, error)
      return
    }
    const delay = retryDelay(retries, call.attempts, Math.random())
    call.left = call.at - now - delay
    if (call.left <= 0) {
      this.timeouts++
      this.fail(call, new AsyncTimeoutError(timeout, call.attempts, error))
      return
    }
    call.at = now + delay
    this.backingOff.add(call)
    this.lookAgain(Math.max(call.at, this.breaker?.callsFrom ?? call.at))
  }

  private timedOut(call: C): void {
    this.running.delete(call)
    this.timeouts++
    this.breaker?.failed(this.now())
    const error = new AsyncTimeoutError(this.policy.timeout, call.attempts)
    this.fail(call, error)
    call.controller!.abort(error)
  }

  private fail(call: C, error: unknown): void {
    this.failures++
    this.settle(call, { error })
  }

  private settle(call: C, outcome: NonNullable<C['outcome']>): void {
    call.outcome = outcome
    this.beginSome()
    // Calls that the breaker held up may be made now.
    if (this.breaker !== undefined && this.backingOff.size > 0) this.lookAgain(this.nextDue())
    this.settled(call)
  }

  private lookAgain(at: number): void {
    this.dueBy(at)
    this.sooner()
  }

  private dueBy(at: number): void {
    if (at < this.due) this.due = at
  }
}
