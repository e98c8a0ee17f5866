import { isSynchronous, type StateDatabase } from './state-database.js'
import { StateError } from './state-errors.js'
import { WriteBatch } from './write-batch.js'

/** The changes of one epoch, a batch for each database that the stores of a task lie in. */
export class EpochBatches {
  private readonly batches = new Map<StateDatabase, WriteBatch>()

  /** @param main the task's own database: it has the checkpoint, and is written last */
  constructor(private readonly main: StateDatabase) {}

  /** The batch of a database. */
  of(database: StateDatabase): WriteBatch {
    let batch = this.batches.get(database)
    if (batch === undefined) {
      batch = new WriteBatch()
      this.batches.set(database, batch)
    }
    return batch
  }

  get byteLength(): number {
    let bytes = 0
    for (const batch of this.batches.values()) bytes += batch.bytes.position
    return bytes
  }

  /** Empties the batches for another epoch. */
  clear(): void {
    for (const batch of this.batches.values()) batch.clear()
  }

  /** Writes the batches. Should the process die in between, stores that lie apart are replayed in any case. */
  write(): Promise<void> {
    const apart = this.apart()
    const main = (): Promise<void> => this.main.write(this.of(this.main))
    return apart.length === 0 ? main() : writeInTurn(apart).then(main)
  }

  /** `write` within a step, for databases that can. */
  writeSync(): void {
    for (const [database, batch] of [...this.apart(), [this.main, this.of(this.main)] as const]) {
      if (!isSynchronous(database)) {
        throw new StateError(
          'NOT_SYNCHRONOUS',
          `${database.location} cannot be written within a step: use TopologyTestDriver.onDisk()`,
        )
      }
      database.writeSync(batch)
    }
  }

  private apart(): DatabaseBatch[] {
    return [...this.batches].filter(([database]) => database !== this.main)
  }
}

type DatabaseBatch = readonly [database: StateDatabase, batch: WriteBatch]

async function writeInTurn(batches: readonly DatabaseBatch[]): Promise<void> {
  for (const [database, batch] of batches) await database.write(batch)
}
