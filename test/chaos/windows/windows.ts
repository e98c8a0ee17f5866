import type { Workload } from '../workload.js'
import { ActedEvents, PER_SECOND } from './acted-events.js'
import windowsTopology, {
  CLICKS,
  LATE_MATCHES,
  LATE_TOTALS,
  LATE_UPDATES,
  LATE_VISITS,
  MATCHES,
  TAPS,
  TOTALS,
  UPDATES,
  VISITS,
} from './windows-topology.js'

/**
 * Event time by watermarks. Clicks and taps come out of order, some of them later than their watermarks wait for, and taps
 * are silent now and then, for longer than they are waited for. Every result names its events, so that it is known of each
 * what has become of it, however partitions are interleaved:
 *
 * - visits, by page and behind a repartition, of windows that close once: each event is in the one result of its window, or
 *   late. Windows close in order in each partition.
 * - updates, the same with allowed lateness: each result has one event more than the one before, which could be late.
 * - totals, of the visits by site, behind a second repartition: no result of a window is late there, and the total is that
 *   of the visits.
 * - matches, an outer join of clicks and taps: those that are not late meet, each pair in a window once, or come alone.
 *
 * An event is late only where watermarks can have come so far: in its own partition there is one before it that is later by
 * the bound than where the window closes. (Or, with taps, the clicks were, when the first tap came behind a silence.)
 *
 * At the end the input is drained: every window closes.
 */
export const windows: Workload = {
  module: new URL('./windows-topology.js', import.meta.url),
  topology: windowsTopology,
  inputs: [CLICKS, TAPS],
  outputs: [VISITS, LATE_VISITS, UPDATES, LATE_UPDATES, TOTALS, LATE_TOTALS, MATCHES, LATE_MATCHES],
  perSecond: PER_SECOND,
  verifier: 'WindowsVerifier',
  events: (random) => new ActedEvents(random),
}
