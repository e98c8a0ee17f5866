/** Where the bytes of a serde lie: what the subject of a registered schema is named by. */
export interface SerdeUse {
  /** The topic in Kafka; undefined where it is chosen for each record. */
  readonly topic: string | undefined
  readonly part: 'key' | 'value'
  /**
   * - `read`: somebody else writes there.
   * - `write`: records are sent there.
   * - `state`: rows of a store, that are written and read again; the topic is its changelog.
   */
  readonly access: 'read' | 'write' | 'state'
}

/** Whether two are the same place, used in the same way. */
export const sameUse = (left: SerdeUse, right: SerdeUse): boolean =>
  left.topic === right.topic && left.part === right.part && left.access === right.access

/** Who opens serdes. */
export interface SerdeOpener {
  /** Aborted where nobody waits any longer. */
  readonly signal?: AbortSignal
  /** Tells what a serde needs and cannot have at the moment: once, as long as that lasts. */
  warn?(error: unknown): void
}
