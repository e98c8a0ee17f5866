import type { EpochBatches } from './epoch-batches.js'
import type { StagedStore } from './local-store.js'

/** The changes of one epoch of a task, serialized; on their way to Kafka and then to disk. */
export interface StagedEpoch {
  readonly epoch: number
  /** Rows that it changes. */
  readonly rows: number
  /** Bytes that it keeps until it is persisted. */
  readonly byteLength: number
  readonly batches: EpochBatches
  /** What each store put in, by name. */
  readonly stores: ReadonlyMap<string, StagedStore>
}

/** Positions that become durable together with an epoch's rows. */
export interface EpochPositions {
  /** By store: the offset after its last changelog record of the epoch; absent where it wrote none. */
  readonly changelogOffsets: ReadonlyMap<string, number>
  /** By `topic-partition`: the committed position of an input. */
  readonly inputOffsets: ReadonlyMap<string, number>
}
