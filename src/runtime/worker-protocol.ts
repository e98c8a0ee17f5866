import type { RestoredStore } from './restored-store.js'
import type { SendableError } from './sendable-error.js'
import type { StoreQuery, StoreRow } from './store-query.js'
import type { ThreadMetrics } from './stream-metrics.js'
import type { StreamsConfig } from './streams-config.js'
import type { TaskChanges } from './task-changes.js'
import type { SharedHome } from './thread-home.js'
import type { ThreadState } from './thread-state.js'

/** What a worker thread is started with. */
export interface WorkerInput {
  /** URL of the module whose default export is the topology, or a function that returns it. */
  readonly module: string
  /** The topics that patterns of the topology may be for. */
  readonly matchable: readonly string[]
  readonly config: StreamsConfig
  readonly index: number
  readonly home: SharedHome
}

export type WorkerRequest =
  | { readonly kind: 'close' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'query'; readonly id: number; readonly query: StoreQuery }

export type WorkerReport =
  | { readonly kind: 'started' }
  | { readonly kind: 'state'; readonly state: ThreadState }
  | { readonly kind: 'error'; readonly error: SendableError }
  | { readonly kind: 'warning'; readonly error: SendableError }
  | { readonly kind: 'restored'; readonly store: RestoredStore }
  | { readonly kind: 'rebalanced'; readonly changes: TaskChanges }
  | { readonly kind: 'applicationStopped'; readonly reason: string }
  | { readonly kind: 'metrics'; readonly metrics: ThreadMetrics }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: StoreRow[] }
  | { readonly kind: 'queryFailed'; readonly id: number; readonly error: SendableError }
