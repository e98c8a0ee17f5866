import type { StoreCounts } from '../state/local-store.js'
import type { StoreFigures } from '../state/task-state.js'
import type { RestoreProgress, StoreMetrics } from './stream-metrics.js'

/** A restore of a store that is under way. */
export interface StoreRestoreProgress extends RestoreProgress {
  readonly task: string
  readonly store: string
}

interface StoreTotal extends StoreCounts {
  readonly task: string
  readonly store: string
}

const keyOf = ({ task, store }: { readonly task: string; readonly store: string }): string =>
  `${task} ${store}`

/** What was asked of the stores of a thread over all lives of their tasks in it. */
export class StoreTotals {
  private readonly totals = new Map<string, StoreTotal>()

  /** Where it is counted what is asked of a store: it goes on when the task comes back. */
  of(task: string, store: string): StoreCounts {
    const key = keyOf({ task, store })
    let total = this.totals.get(key)
    if (total === undefined) {
      total = { task, store, lookups: 0, misses: 0 }
      this.totals.set(key, total)
    }
    return total
  }

  /**
   * @param present the stores of the tasks that there are
   * @param restores those that are under way
   */
  metrics(present: readonly StoreFigures[], restores: readonly StoreRestoreProgress[]): StoreMetrics[] {
    const figures = new Map(present.map((each) => [keyOf(each), each]))
    const progress = new Map(restores.map((each) => [keyOf(each), each]))
    return [...this.totals].map(([key, { task, store, lookups, misses }]) => {
      const held = figures.get(key)
      const restore = progress.get(key)
      return {
        task,
        store,
        memoryEntries: held?.memoryEntries,
        memoryBytes: held?.memoryBytes,
        databaseBytes: held?.databaseBytes,
        lookups,
        misses,
        restore: restore && { records: restore.records, remaining: restore.remaining },
      }
    })
  }
}
