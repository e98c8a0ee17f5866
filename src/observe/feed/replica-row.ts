/** A row of a store as one change left it. The next change of its key makes another one. */
export interface ReplicaRow {
  /** The bytes of its key, window included, as latin1. */
  readonly id: string
  /** Of the record that made it, or that made it expire. */
  readonly offset: number
  /** Which change of its partition made it. */
  readonly sequence: number
  readonly timestamp: number
  /** The bytes of its value, as latin1; undefined once it is shown, and where it was deleted. */
  raw: string | undefined
  /** What subscribers are told; undefined until one is. */
  message: string | undefined
  /** Whether the change took the row away. */
  readonly deleted: boolean
  /** Whether a later change took its place; its text is gone then. */
  replaced: boolean
}

/** What a row takes beside its text, bytes: itself, and its places in the map and in the log. */
const ROW_BYTES = 300

/** What a row takes in memory, about. */
export const bytesOf = ({ id, raw, message }: ReplicaRow): number =>
  ROW_BYTES + id.length + (raw?.length ?? message?.length ?? 0)
