import { counts } from './counts/counts.js'
import { joins } from './joins/joins.js'
import { timers } from './timers/timers.js'
import { windows } from './windows/windows.js'

/** The topologies that `--topology` knows. */
export const WORKLOADS = { counts, joins, timers, windows } as const

export type WorkloadName = keyof typeof WORKLOADS
