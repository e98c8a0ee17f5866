import { storeRange } from './row-layout.js'
import type { TaskStore } from './task-stores.js'

const MEASURE_EVERY_MS = 10_000

/** How many bytes the stores of a task take in their databases, by the estimates of those. */
export class StoreSizes {
  private readonly bytes = new Map<string, number>()
  private measuredAt = 0

  constructor(private readonly stores: readonly TaskStore[]) {}

  /** Undefined: it was not measured, or the database does not tell. */
  of(store: string): number | undefined {
    return this.bytes.get(store)
  }

  /** Whether it is time to measure again. */
  get due(): boolean {
    return performance.now() - this.measuredAt >= MEASURE_EVERY_MS
  }

  async measure(): Promise<void> {
    this.measuredAt = performance.now()
    await Promise.all(
      this.stores.map(async ({ store, database }) => {
        const bytes = await database.sizeOf?.(storeRange(store.id))
        if (bytes !== undefined) this.bytes.set(store.name, bytes)
      }),
    )
  }
}
