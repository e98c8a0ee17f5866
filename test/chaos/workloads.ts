import { counts } from './counts/counts.js'
import { joins } from './joins/joins.js'

/** The topologies that `--topology` knows. */
export const WORKLOADS = { counts, joins } as const

export type WorkloadName = keyof typeof WORKLOADS
