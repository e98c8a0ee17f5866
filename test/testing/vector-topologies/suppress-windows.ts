import { Suppressed } from '../../../src/dsl/suppressed.js'
import { string } from '../../../src/serdes/string.js'
import { HoppingWindows } from '../../../src/windows/hopping-windows.js'
import { SessionWindows } from '../../../src/windows/session-windows.js'
import { SlidingWindows } from '../../../src/windows/sliding-windows.js'
import { type Catalogue, textStream } from './inputs.js'

/** Counts of sessions with a gap of 10 ms, when they close. */
const closedSessions =
  (grace: number): Catalogue[string] =>
  (builder) =>
    textStream(builder)
      .groupByKey()
      .windowedBy(SessionWindows.of(10).grace(grace))
      .count({ store: 's' })
      .suppress(Suppressed.untilWindowCloses())
      .toStream()
      .to('out')

/** Texts in sliding windows of 10 ms, when these close. */
const closedSliding: Catalogue[string] = (builder) =>
  textStream(builder)
    .groupByKey()
    .windowedBy(SlidingWindows.of(10).grace(5))
    .aggregate(
      () => '',
      (_, value, all) => all + value,
      { store: 'w', value: string() },
    )
    .suppress(Suppressed.untilWindowCloses())
    .toStream()
    .to('out')

/** Changes of windows other than tumbling ones, kept back until they close. */
export const suppressWindows: Catalogue = {
  rand_session_suppress: closedSessions(15),
  suppress_session_double_final: closedSessions(5),
  suppress_sliding_double_final: closedSliding,
  suppress_window_close_hopping: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(HoppingWindows.of(10).advanceBy(5))
      .reduce((all, value) => all + value, { store: 'w' })
      .suppress(Suppressed.untilWindowCloses())
      .toStream()
      .to('out'),
  suppress_window_close_session: closedSessions(5),
  suppress_window_close_sliding: closedSliding,
}
