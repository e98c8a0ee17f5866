import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { SessionWindows } from '../../../src/windows/session-windows.js'
import { type Catalogue, textStream } from './inputs.js'

/** Texts by key and session with a gap of 10 ms. */
const sessions = (builder: StreamsBuilder, grace: number, gap = 10) =>
  textStream(builder).groupByKey().windowedBy(SessionWindows.of(gap).grace(grace))

/** Session windows. */
export const session: Catalogue = {
  rand_session_count: (b) => sessions(b, 15).count({ store: 's' }).toStream().to('out'),
  rand_session_reduce_large_grace: (b) =>
    sessions(b, 500, 12)
      .reduce((all, value) => all + value, { store: 's' })
      .toStream()
      .to('out'),
  session_aggregate_null_result: (b) =>
    sessions(b, 100)
      .aggregate(
        () => 'I',
        (_, value, all) => (value === 'del' ? null : all + value),
        (_, left, right) => `${left}&${right}`,
        { store: 's', value: string() },
      )
      .toStream()
      .to('out'),
  session_count_basic: (b) => sessions(b, 100).count({ store: 's' }).toStream().to('out'),
  session_expired_merge: (b) =>
    sessions(b, 0)
      .aggregate(
        () => '',
        (_, value, all) => all + value,
        (_, left, right) => `${left}&${right}`,
        { store: 's', value: string() },
      )
      .toStream()
      .to('out'),
  session_gap_boundary: (b) => sessions(b, 100).count({ store: 's' }).toStream().to('out'),
  session_grace: (b) => sessions(b, 20).count({ store: 's' }).toStream().to('out'),
  session_identical_and_inside: (b) => sessions(b, 100).count({ store: 's' }).toStream().to('out'),
  session_late_drop_grace0: (b) => sessions(b, 0).count({ store: 's' }).toStream().to('out'),
  session_merge_bridge: (b) =>
    sessions(b, 1000)
      .aggregate(
        () => '',
        (_, value, all) => all + value,
        (_, left, right) => `(${left}&${right})`,
        { store: 's', value: string() },
      )
      .toStream()
      .to('out'),
  session_nulls: (b) => {
    const nullable = sessions(b, 0)
    nullable.count({ store: 's' }).toStream().to('out-count')
    nullable
      .reduce((all, value) => `${all},${value}`, { store: 'r' })
      .toStream()
      .to('out-reduce')
  },
  session_reduce: (b) =>
    sessions(b, 100)
      .reduce((all, value) => `${all},${value}`, { store: 's' })
      .toStream()
      .to('out'),
}
