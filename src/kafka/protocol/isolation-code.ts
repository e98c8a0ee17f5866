import type { IsolationLevel } from '../records/fetched-chunk.js'

/** An isolation level as requests carry it. */
export const isolationCode = (isolation: IsolationLevel): number => (isolation === 'read_committed' ? 1 : 0)
