/** Where a stream thread keeps its tasks' state, and as whose. The process holds the lock of the directory. */
export interface ThreadHome {
  /** Identifies the process over restarts. */
  readonly processId: string
  /** The application's state directory. */
  readonly stateDirectory: string
}
