import { StateCorruptError, UnknownStateFormatError } from './state-errors.js'
import { isVolatile } from './storage.js'
import type { AnyStoreDefinition } from './store-definition.js'

/** Version of everything that a task has on disk: layout of rows, checkpoint, window ledger. */
export const STATE_FORMAT_VERSION = 1

/** Where a store on disk stands. */
export interface StoreCheckpoint {
  /** Its number in the keys of its rows. */
  readonly id: number
  /** Position in its changelog up to which the rows are applied; absent: none yet. */
  readonly changelogOffset?: number
  /** Id of the changelog topic that the offset is of. */
  readonly topicId?: string
  /** The greatest window start written; -1: none. */
  readonly observedStart: number
  /** Wall time at which the rows were last known to be those of the changelog's end, epoch milliseconds. */
  readonly savedAt: number
}

/** Where a task on disk stands: written in the same batch as the rows. */
export interface Checkpoint {
  /** Identifies the topology that the stores are of. */
  readonly fingerprint: string
  readonly stores: Readonly<Record<string, StoreCheckpoint>>
  /** Committed position by `topic-partition`. */
  readonly inputOffsets: Readonly<Record<string, number>>
}

export const encodeCheckpoint = (checkpoint: Checkpoint): Buffer =>
  Buffer.from(JSON.stringify({ formatVersion: STATE_FORMAT_VERSION, ...checkpoint }))

/**
 * @param location names the database in errors
 * @throws {UnknownStateFormatError} if another version wrote it
 * @throws {StateCorruptError} if it is no checkpoint
 */
export function decodeCheckpoint(bytes: Buffer, location: string): Checkpoint {
  let decoded: unknown
  try {
    decoded = JSON.parse(bytes.toString())
  } catch (cause) {
    throw new StateCorruptError(location, { cause })
  }
  if (typeof decoded !== 'object' || decoded === null) throw new StateCorruptError(location)
  const { formatVersion, ...checkpoint } = decoded as { formatVersion?: unknown } & Checkpoint
  if (formatVersion !== STATE_FORMAT_VERSION) {
    throw new UnknownStateFormatError(location, formatVersion, STATE_FORMAT_VERSION)
  }
  return checkpoint
}

/** What a fresh store's checkpoint says. */
const FRESH = { observedStart: -1, savedAt: 0 } as const

/**
 * Gives every store its checkpoint: the one it has, or a new one with the next number that is free. What lies in a
 * volatile storage is not relied on.
 */
export function storeCheckpoints(
  definitions: readonly AnyStoreDefinition[],
  checkpoint: Checkpoint | undefined,
): Map<string, StoreCheckpoint> {
  const known = checkpoint?.stores ?? {}
  let lastId = Math.max(0, ...Object.values(known).map(({ id }) => id))
  return new Map(
    definitions.map(({ name, storage }) => {
      const before = known[name] ?? { ...FRESH, id: ++lastId }
      return [name, isVolatile(storage) ? { ...FRESH, id: before.id } : before]
    }),
  )
}

/** What a checkpoint on disk says: nothing of stores that are not there. */
export function durable(checkpoint: Checkpoint, volatile: ReadonlySet<string>): Checkpoint {
  if (volatile.size === 0) return checkpoint
  const stores = Object.entries(checkpoint.stores).map(([name, store]) => [
    name,
    volatile.has(name) ? { ...FRESH, id: store.id } : store,
  ])
  return { ...checkpoint, stores: Object.fromEntries(stores) }
}
