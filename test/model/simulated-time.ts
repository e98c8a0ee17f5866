import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'

/** Whose work an event is: it waits while its owner is frozen, and never happens once its owner is dead. */
export class Owner {
  alive = true
  frozenUntil = 0

  constructor(readonly name: string) {}
}

/** Something that happens once, unless it is cancelled before. */
export interface SimulatedEvent {
  at: number
  readonly order: number
  readonly owner: Owner
  readonly run: () => void
  cancelled: boolean
}

/** Owns what belongs to no process: the network, the brokers. */
export const WORLD = new Owner('world')
const realImmediate = setImmediate
const EPOCH = 1_700_000_000_000

/**
 * Time that passes only from one event to the next. While it is installed, every timer, immediate and clock of the
 * process is its own, and chance is a fixed sequence: code under test behaves the same in every run.
 *
 * An event belongs to the owner whose event made it, so that a process can be frozen or killed with all its timers.
 */
export class SimulatedTime {
  now = 0
  private order = 0
  private queue: SimulatedEvent[] = []
  private current = WORLD
  private random = 1

  /** How many events there were, and are to come. */
  get events(): number {
    return this.order
  }

  /** Calls a function later, as a part of `owner`'s work. */
  schedule(delayMs: number, run: () => void, owner = this.current): SimulatedEvent {
    const delay = Number.isFinite(delayMs) ? Math.max(0, delayMs) : 0
    const event = { at: this.now + delay, order: this.order++, owner, run, cancelled: false }
    this.queue.push(event)
    return event
  }

  /** Lets events happen until `done`, at most until the clock shows `limit`; gives whether it was done. */
  async runUntil(done: () => boolean, limit: number): Promise<boolean> {
    await quiet()
    while (!done()) {
      const event = this.next()
      if (event === undefined || event.at > limit) {
        if (event !== undefined) this.queue.push(event)
        this.now = Math.max(this.now, limit)
        return done()
      }
      this.now = Math.max(this.now, event.at)
      this.current = event.owner
      event.run()
      await quiet()
      this.current = WORLD
    }
    return true
  }

  private next(): SimulatedEvent | undefined {
    for (;;) {
      let first = -1
      this.queue = this.queue.filter(({ cancelled, owner }) => !cancelled && owner.alive)
      for (const [index, event] of this.queue.entries()) {
        event.at = Math.max(event.at, event.owner.frozenUntil)
        if (first < 0 || isBefore(event, this.queue[first]!)) first = index
      }
      if (first < 0) return undefined
      return this.queue.splice(first, 1)[0]
    }
  }

  /** Takes over the clocks and timers of the process; gives them back when disposed. */
  install(): Disposable {
    const { setTimeout, clearTimeout, setImmediate } = globalThis
    const { setTimeout: delay, setImmediate: turn } = timersPromises
    const { now } = performance
    const { now: wallClock } = Date
    const { random } = Math
    const put = (fakes: Record<string, unknown>, promises: Record<string, unknown>): void => {
      Object.assign(globalThis, fakes)
      Object.assign(timersPromises, promises)
      syncBuiltinESMExports()
    }
    put(
      {
        setTimeout: (run: () => void, ms = 0) => this.schedule(Math.max(1, ms), run),
        clearTimeout: (event?: SimulatedEvent) => {
          if (event !== undefined) event.cancelled = true
        },
        setImmediate: (run: () => void) => this.schedule(0, run),
      },
      {
        setImmediate: () => new Promise<void>((resolve) => this.schedule(0, resolve)),
        setTimeout: (ms: number, _: unknown, options?: { signal?: AbortSignal }) =>
          this.delay(ms, options?.signal),
      },
    )
    performance.now = () => this.now
    Date.now = () => EPOCH + Math.floor(this.now)
    Math.random = () => this.chance()
    return {
      [Symbol.dispose]: () => {
        put({ setTimeout, clearTimeout, setImmediate }, { setTimeout: delay, setImmediate: turn })
        performance.now = now
        Date.now = wallClock
        Math.random = random
      },
    }
  }

  private delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        event.cancelled = true
        reject(Object.assign(new Error('aborted'), { name: 'AbortError' }))
      }
      const event = this.schedule(Math.max(1, ms), () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
      if (signal?.aborted) abort()
      else signal?.addEventListener('abort', abort, { once: true })
    })
  }

  private chance(): number {
    this.random = (this.random * 48_271) % 2_147_483_647
    return this.random / 2_147_483_647
  }
}

const isBefore = (a: SimulatedEvent, b: SimulatedEvent): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)

/** Resolves when everything that has been promised up to now is settled. */
const quiet = (): Promise<void> => new Promise((resolve) => realImmediate(resolve))
