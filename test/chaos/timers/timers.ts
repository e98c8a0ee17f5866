import type { Workload } from '../workload.js'
import { ClickedEvents, PER_SECOND } from './clicked-events.js'
import timersTopology, { BATCHES, CLICKS, LATE_VISITS, SILENCES, VISITS } from './timers-topology.js'

/**
 * Timers and triggers of event time. Clicks come out of order, some of them later than the watermark waits for.
 *
 * Each task reads one partition, and event time follows the records of that, so that what fires there, and in which order,
 * is known exactly:
 *
 * - silences, told by timers that set the next one, and that each later click takes back; late clicks set some whose time
 *   has passed.
 * - batches of each user's clicks, of a trigger that keeps when it is to fire, and drops what has fired.
 *
 * Behind a repartition it depends on how partitions are interleaved, but:
 *
 * - visits: each click is in one result of its window, or late. Results have three clicks as long as the window has not
 *   ended, one at its end has what is left, and those after that have one that came when it could have ended.
 *
 * At the end the input is drained: everything fires.
 */
export const timers: Workload = {
  module: new URL('./timers-topology.js', import.meta.url),
  topology: timersTopology,
  inputs: [CLICKS],
  outputs: [SILENCES, BATCHES, VISITS, LATE_VISITS],
  perSecond: PER_SECOND,
  verifier: 'TimersVerifier',
  events: (random) => new ClickedEvents(random),
}
