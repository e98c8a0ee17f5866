import { WORKLOADS, type Workload } from '../../bench/workloads.js'

/**
 * The workloads that read one topic and whose records cost the same though they are processed again and again: those of a
 * join of streams meet ever more.
 */
export type CountedWorkload = Exclude<Workload, 'stream-join' | 'join'>

export const COUNTED_WORKLOADS: readonly CountedWorkload[] = WORKLOADS.filter(
  (workload) => workload !== 'stream-join' && workload !== 'join',
)
