import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { JoinWindows } from '../../../src/windows/join-windows.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, nullableTexts, textStream } from './inputs.js'
import { split } from './java.js'

const plus = (left: string | null, right: string | null) => `${left}+${right}`

const toOut = { value: string() }

const join = (windows: JoinWindows) => (b: StreamsBuilder) =>
  textStream(b, 'l').join(textStream(b, 'r'), plus, windows).to('out', toOut)

const leftJoin = (windows: JoinWindows) => (b: StreamsBuilder) =>
  nullableTexts(b, 'l').leftJoin(nullableTexts(b, 'r'), plus, windows).to('out', toOut)

const outerJoin = (windows: JoinWindows) => (b: StreamsBuilder) =>
  nullableTexts(b, 'l').outerJoin(nullableTexts(b, 'r'), plus, windows).to('out', toOut)

const ten = JoinWindows.of(10)

export const ssjoin: Catalogue = {
  rand_ssjoin_inner: join(ten.grace(15)),
  rand_ssjoin_left: leftJoin(ten.grace(15)),
  rand_ssjoin_outer: outerJoin(ten.grace(15)),
  rand_ssjoin_outer_asymmetric: outerJoin(JoinWindows.of(0).grace(8).before(4).after(18)),
  ssjoin_inner_asymmetric: (b) => {
    const left = textStream(b, 'l')
    const right = textStream(b, 'r')
    left.join(right, plus, JoinWindows.of(0).after(10)).to('out-after', toOut)
    left.join(right, plus, JoinWindows.of(0).before(10)).to('out-before', toOut)
  },
  ssjoin_inner_late_one_side: join(ten),
  ssjoin_inner_negative_before: join(ten.before(-5)),
  ssjoin_inner_nulls: join(ten),
  ssjoin_inner_out_of_order_grace: join(ten.grace(20)),
  ssjoin_inner_symmetric: join(ten),
  ssjoin_left: leftJoin(ten.grace(5)),
  ssjoin_left_asymmetric: leftJoin(JoinWindows.of(0).grace(2).before(5).after(20)),
  ssjoin_left_default_interval: leftJoin(ten),
  ssjoin_left_duplicates: leftJoin(JoinWindows.of(5)),
  ssjoin_left_mintime_quirk: leftJoin(ten),
  ssjoin_left_nulls: leftJoin(ten),
  ssjoin_left_simple: leftJoin(ten.grace(5)),
  ssjoin_outer: outerJoin(ten.grace(5)),
  ssjoin_outer_asymmetric: outerJoin(JoinWindows.of(0).before(3).after(20)),
  ssjoin_outer_late_unmatched_immediate: outerJoin(ten.grace(50)),
  ssjoin_outer_nulls: outerJoin(ten),
  ssjoin_self_asymmetric_unoptimized: (b) => {
    const stream = textStream(b)
    stream.join(stream, plus, JoinWindows.of(0).before(3).after(10)).to('out', toOut)
  },
  ssjoin_self_optimized: (b) => {
    const stream = textStream(b)
    stream.join(stream, plus, ten).to('out', toOut)
  },
  ssjoin_self_unoptimized: (b) => {
    const stream = textStream(b)
    stream.join(stream, plus, ten).to('out', toOut)
  },
  ssjoin_then_windowed_count: (b) =>
    textStream(b, 'l')
      .leftJoin(textStream(b, 'r'), plus, ten)
      .groupByKey({ value: string() })
      .windowedBy(TumblingWindows.of(20))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  ssjoin_with_repartition: (b) =>
    textStream(b, 'l')
      .selectKey((_, value) => split(value, '/')[0] || null)
      .leftJoin(textStream(b, 'r'), plus, ten, { key: string() })
      .to('out', toOut),
}
