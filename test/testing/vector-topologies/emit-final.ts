import type { KTable } from '../../../src/dsl/ktable.js'
import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { Suppressed } from '../../../src/dsl/suppressed.js'
import { string } from '../../../src/serdes/string.js'
import { HoppingWindows } from '../../../src/windows/hopping-windows.js'
import { SessionWindows } from '../../../src/windows/session-windows.js'
import { SlidingWindows } from '../../../src/windows/sliding-windows.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import type { Windowed } from '../../../src/windows/window.js'
import { type Catalogue, textStream } from './inputs.js'

const out = <V>(table: KTable<Windowed<string>, V>): void => table.toStream().to('out')

/** Counts of tumbling windows of 10 ms. */
const tumbling = (builder: StreamsBuilder, options: { grace?: number; retention?: number } = {}): void => {
  const { grace = 0, ...store } = options
  const windows = TumblingWindows.of(10).grace(grace)
  const grouped = textStream(builder).groupByKey()
  out(
    grouped
      .windowedBy(windows)
      .emitStrategy('onWindowClose')
      .count({ store: 'w', ...store }),
  )
}

/** Texts of hopping windows of 10 ms that begin every 5 ms. */
const hopping = (builder: StreamsBuilder, store: { retention?: number } = {}): void => {
  const grouped = textStream(builder).groupByKey().windowedBy(HoppingWindows.of(10).advanceBy(5))
  out(grouped.emitStrategy('onWindowClose').reduce((all, value) => all + value, { store: 'w', ...store }))
}

/** Counts of sessions with a gap of 10 ms. */
const sessions = (builder: StreamsBuilder, grace: number, store: { retention?: number } = {}): void => {
  const grouped = textStream(builder).groupByKey().windowedBy(SessionWindows.of(10).grace(grace))
  out(grouped.emitStrategy('onWindowClose').count({ store: 's', ...store }))
}

/** Windows that are handed on once, when they close. */
export const emitFinal: Catalogue = {
  emitfinal_default_interval: (b) => tumbling(b, { retention: 1000 }),
  emitfinal_hopping: (b) => hopping(b, { retention: 1000 }),
  emitfinal_hopping_default_retention: (b) => hopping(b),
  emitfinal_out_of_order_gap: (b) => tumbling(b, { grace: 20, retention: 1000 }),
  emitfinal_session: (b) => sessions(b, 5, { retention: 1000 }),
  emitfinal_session_default_retention: (b) => sessions(b, 5),
  emitfinal_sliding: (b) =>
    out(
      textStream(b)
        .groupByKey()
        .windowedBy(SlidingWindows.of(10).grace(5))
        .emitStrategy('onWindowClose')
        .aggregate(
          () => '',
          (_, value, all) => all + value,
          { store: 'w', value: string(), retention: 1000 },
        ),
    ),
  emitfinal_tumbling: (b) => tumbling(b, { grace: 5, retention: 1000 }),
  emitfinal_tumbling_default_retention_loss: (b) => tumbling(b, { grace: 5 }),
  emitfinal_tumbling_nograce_default_retention: (b) => tumbling(b),
  headers_suppress_and_emitfinal: (b) => {
    const windows = textStream(b).groupByKey().windowedBy(TumblingWindows.of(10))
    windows.count({ store: 'w1' }).suppress(Suppressed.untilWindowCloses()).toStream().to('out-suppress')
    windows
      .emitStrategy('onWindowClose')
      .count({ store: 'w2', retention: 1000 })
      .toStream()
      .to('out-emitfinal')
  },
  rand_session_emitfinal: (b) => sessions(b, 15, { retention: 100_000 }),
  rand_sliding_emitfinal: (b) =>
    out(
      textStream(b)
        .groupByKey()
        .windowedBy(SlidingWindows.of(10).grace(12))
        .emitStrategy('onWindowClose')
        .reduce((all, value) => all + value, { store: 'w', retention: 100_000 }),
    ),
}
