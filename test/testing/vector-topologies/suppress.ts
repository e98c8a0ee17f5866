import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { Suppressed } from '../../../src/dsl/suppressed.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, textStream, texts, windowedCounts } from './inputs.js'

const counts = (builder: StreamsBuilder) => textStream(builder).groupByKey().count({ store: 'cnt' })

/** Changes kept back until their window closes, or for a time. */
export const suppress: Catalogue = {
  rand_tumbling_reduce_suppress: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(TumblingWindows.of(10).grace(7))
      .reduce((all, value) => all + value, { store: 'w' })
      .suppress(Suppressed.untilWindowCloses())
      .toStream()
      .to('out'),
  suppress_emit_early_when_full: (b) =>
    counts(b)
      .suppress(Suppressed.untilTimeLimit(100, { maxRecords: 2, whenFull: 'emit-early' }))
      .toStream()
      .to('out'),
  suppress_time_limit_kstream_count: (b) =>
    counts(b).suppress(Suppressed.untilTimeLimit(10)).toStream().to('out'),
  suppress_time_limit_ktable_tombstones: (b) =>
    b
      .table<string, string>('in', { ...texts, store: 'tbl' })
      .suppress(Suppressed.untilTimeLimit(10))
      .toStream()
      .to('out'),
  suppress_time_limit_zero: (b) => counts(b).suppress(Suppressed.untilTimeLimit(0)).toStream().to('out'),
  suppress_window_close_late_does_not_advance: (b) =>
    textStream(b)
      .filter((_, value) => value !== 'skip')
      .groupByKey()
      .windowedBy(TumblingWindows.of(10))
      .count({ store: 'w' })
      .suppress(Suppressed.untilWindowCloses())
      .toStream()
      .to('out'),
  suppress_window_close_tumbling: (b) =>
    windowedCounts(b, { grace: 5 }).suppress(Suppressed.untilWindowCloses()).toStream().to('out'),
  suppress_window_time_limit: (b) =>
    windowedCounts(b, { grace: 20 }).suppress(Suppressed.untilTimeLimit(5)).toStream().to('out'),
}
