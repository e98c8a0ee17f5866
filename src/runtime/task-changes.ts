/** What a rebalance has changed at a thread. */
export interface TaskChanges {
  readonly thread: number
  /**
   * - `assigned`: a rebalance is over; these tasks are new, and begin when their state is restored. It may be none.
   * - `revoked`: given up, with all that they had processed committed.
   * - `lost`: others may have had them already, so that what was not committed was dropped.
   */
  readonly kind: 'assigned' | 'revoked' | 'lost'
  /** Ids of the tasks, `subtopology_partition`. */
  readonly changed: readonly string[]
  /** Of all that the thread has by then. */
  readonly tasks: readonly string[]
}
