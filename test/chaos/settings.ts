/** The shortest that brokers allow by default, so that a dead worker is soon known for one. */
export const SESSION_TIMEOUT_MS = 6_000

/** The workers that are there all the time. */
export const STAYING = ['worker-1', 'worker-2'] as const

/** A worker that comes and goes. */
export const EXTRA = 'worker-3'

/** Stream threads of a worker. */
export const THREADS = 2

/** A run is void where no fault happens for longer. */
export const LONGEST_QUIET_MS = 15_000

/** Tells a worker, which is told of points of a commit else, that the input has ended. */
export const DRAIN = 'drain'
