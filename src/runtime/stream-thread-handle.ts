import type { RestoredStore } from './restored-store.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import type { ThreadMetrics } from './stream-metrics.js'
import type { TaskChanges } from './task-changes.js'
import type { ThreadState } from './thread-state.js'

export interface ThreadEvents {
  state(state: ThreadState): void
  /** The thread has ended because of this. */
  error(error: unknown): void
  /** Something did not work that is tried again. */
  warning(error: unknown): void
  /** A store has caught up with its changelog; not called where nothing was behind. */
  restored(store: RestoredStore): void
  /** A rebalance has changed which tasks there are, or is over without a change. */
  rebalanced(changes: TaskChanges): void
  /** A member of the group has asked for all of them to end. */
  applicationStopped(reason: string): void
}

/** A stream thread as its client sees it, whether it runs here or in a worker thread. */
export interface StreamThreadHandle {
  start(): Promise<void>
  /** Stops intake, commits, leaves the group. */
  close(): Promise<void>
  /** The latest figures known here. */
  metrics(): ThreadMetrics
  /** Reads committed rows of a store, from all tasks of the thread that have it. */
  query(query: StoreQuery): Promise<StoreRow[]>
  /** Ends event time at the sources of the whole application, where nothing is left to read. */
  drain(): void
  /** Ends it without leaving anything orderly: after the deadline of a close. */
  terminate(): Promise<void>
}
