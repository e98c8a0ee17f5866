import { setImmediate as nextTurn } from 'node:timers/promises'
import { ROW, WINDOW, windowRange } from './row-layout.js'
import type { KeyRange, StateDatabase } from './state-database.js'
import type { WindowLedger } from './window-ledger.js'

/** Rows deleted at a time, so that commits do not wait long behind a deletion. */
const CHUNK_ROWS = 1000

/** A window store as the sweeper sees it. */
export interface SweptStore {
  readonly id: number
  readonly ledger: WindowLedger
  /** Where its rows lie. */
  readonly database: StateDatabase
}

/**
 * Deletes the rows of expired windows from disk, in the background, chunk by chunk. Nothing reads them any more and
 * nothing writes them again, so it does not matter when.
 */
export class WindowSweeper {
  private running: Promise<void> | undefined
  private stopped = false
  private failure: { readonly cause: unknown } | undefined

  constructor(private readonly stores: readonly SweptStore[]) {}

  /** Begins to sweep if there is anything to sweep. Throws what made an earlier sweep fail. */
  start(): void {
    if (this.failure !== undefined) throw this.failure.cause
    if (this.running !== undefined || this.stopped) return
    if (this.stores.every(({ ledger }) => ledger.lowestExpired === undefined)) return
    this.running = this.sweep()
      .catch((cause: unknown) => {
        this.failure = { cause }
      })
      .finally(() => {
        this.running = undefined
      })
  }

  /** Resolves when nothing is being swept. */
  async idle(): Promise<void> {
    await this.running
  }

  /** Stops after the chunk in hand; resolves when nothing is being swept. */
  async stop(): Promise<void> {
    this.stopped = true
    await this.running
  }

  private async sweep(): Promise<void> {
    for (const store of this.stores) {
      let from = store.ledger.lowestExpired
      while (from !== undefined && !this.stopped) {
        await this.sweepFrom(store, from)
        from = store.ledger.lowestExpired
      }
    }
  }

  private async sweepFrom({ id, ledger, database }: SweptStore, from: number): Promise<void> {
    const to = ledger.expiredUpTo
    // The windows' own entries go last: should the process die, the next one finds what is left.
    for (const kind of [ROW, WINDOW]) {
      if (!(await this.clear(database, windowRange(id, kind, from, to)))) return
    }
    ledger.drop(to)
  }

  /** @returns false if it was stopped before the end */
  private async clear(database: StateDatabase, range: KeyRange): Promise<boolean> {
    while (!this.stopped) {
      if (!(await database.deleteRange(range, CHUNK_ROWS))) return true
      await nextTurn()
    }
    return false
  }
}
