import { WORKLOADS, type Workload } from '../../bench/workloads.js'

/** The workloads whose records cost the same though they are processed again and again: those of a join meet ever more. */
export type CountedWorkload = Exclude<Workload, 'stream-join'>

export const COUNTED_WORKLOADS: readonly CountedWorkload[] = WORKLOADS.filter(
  (workload) => workload !== 'stream-join',
)
