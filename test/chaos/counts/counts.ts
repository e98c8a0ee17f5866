import type { Workload } from '../workload.js'
import { CountedEvents } from './counted-events.js'
import countsTopology, { INPUT, OUTPUT } from './counts-topology.js'

/**
 * Running totals per group.
 *
 * Every event has a source and a number that counts the source's events. A source belongs to one group, and all of
 * its events are in one partition of the input, so they reach the group in order. An output record names the event
 * that it comes from. So in the output of a group each source's numbers must come one after the other, each once: a
 * gap is a loss, a number that comes again is a duplicate, and one that comes late is out of order. And each running
 * total must be the one before plus the event's amount.
 */
export const counts: Workload = {
  module: new URL('./counts-topology.js', import.meta.url),
  topology: countsTopology,
  inputs: [INPUT],
  outputs: [OUTPUT],
  perSecond: 25_000,
  verifier: 'CountsVerifier',
  events: (random) => new CountedEvents(random),
}
