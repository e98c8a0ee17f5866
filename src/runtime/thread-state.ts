/**
 * - `created`: not begun.
 * - `rebalancing`: tasks are being assigned or restored; those that are ready process.
 * - `running`: all tasks of the thread process.
 * - `closing`, `closed`: it was told to end.
 * - `failed`: ended by an error.
 */
export type ThreadState = 'created' | 'rebalancing' | 'running' | 'closing' | 'closed' | 'failed'
