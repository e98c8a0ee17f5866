/** A transaction that was aborted: its records of that producer begin at `firstOffset`. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** `read_committed`: records of aborted transactions are left out. Control records are never delivered. */
export type IsolationLevel = 'read_committed' | 'read_uncommitted'

/** What one Fetch response brought of one partition: record batches in `buffer[start, end)`, the last maybe cut off. */
export interface FetchedChunk {
  readonly topic: string
  readonly partition: number
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
  /** The offset that was asked for; the first batch may begin before it. */
  readonly fetchOffset: number
  /** As in the response of a `read_committed` fetch; empty otherwise. */
  readonly abortedTransactions: readonly AbortedTransaction[]
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  /** When it came, as `performance.now()`. */
  readonly arrivedAt: number
  /** Gives the memory of `buffer` back; nothing of it is read afterwards. A cursor does so when it is through. */
  release(): void
}
