import type { StateDatabase } from '../../src/state/state-database.js'
import type { Topology } from '../../src/topology/topology.js'
import type { PartitionOffset } from './group-coordinator.js'
import type { SimulatedKafka } from './simulated-kafka.js'

/** A record on its way to the input. */
export interface InputRecord {
  readonly key: string
  readonly value: string
  readonly timestamp: number
  readonly partition: number
}

/** What a simulation runs, and what must hold of it. Made anew for each run. */
export interface ModelApplication {
  readonly topology: Topology
  /** Topics of the user's that it writes. */
  readonly outputs: readonly string[]
  /** Whether the input may be given partitions while it is read. */
  readonly growable: boolean
  /** Whether it commits nothing any more when all is processed; else a transaction is open now and then. */
  readonly rests: boolean

  /** The next record of the input, which has so many partitions at present. */
  next(partitions: number): InputRecord
  /** Looks at an offset that is being committed. */
  checkOffset(kafka: SimulatedKafka, offset: PartitionOffset): void
  /** Looks at a disk that was written. */
  checkDisk(kafka: SimulatedKafka, taskId: string, database: StateDatabase): Promise<void>
  /** Whether event time has ended everywhere where it can. */
  ended(kafka: SimulatedKafka): boolean
  /** Judges the outputs when all is processed and nothing runs any more. */
  assertOutput(kafka: SimulatedKafka, exactlyOnce: boolean): void
}

/** The topic that every application reads. */
export const INPUT = 'input'
export const APPLICATION = 'app'
export const KEYS = 8

/** Each key has its place, as long as no partition is added. */
export const partitionOf = (number: number, partitions: number): number => (number % KEYS) % partitions
