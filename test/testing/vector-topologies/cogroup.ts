import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { SessionWindows } from '../../../src/windows/session-windows.js'
import { SlidingWindows } from '../../../src/windows/sliding-windows.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, numberStream, textStream } from './inputs.js'

/** The texts of two topics, put together. */
const joined = (builder: StreamsBuilder) => {
  const first = textStream(builder, 'in1').groupByKey()
  const second = textStream(builder, 'in2').groupByKey()
  return first.cogroup<string>((_, value, all) => all + value).cogroup(second, (_, value, all) => all + value)
}

/** Several streams aggregated together. */
export const cogroup: Catalogue = {
  cogroup_session: (b) =>
    joined(b)
      .windowedBy(SessionWindows.of(10).grace(20))
      .aggregate(
        () => '',
        (_, left, right) => `${left}&${right}`,
        { store: 'cgs', value: string() },
      )
      .toStream()
      .to('out', { value: string() }),
  cogroup_sliding: (b) =>
    joined(b)
      .windowedBy(SlidingWindows.of(10).grace(20))
      .aggregate(() => '', { store: 'cgsl', value: string() })
      .toStream()
      .to('out', { value: string() }),
  cogroup_tumbling: (b) => {
    const first = textStream(b, 'in1').groupByKey()
    const second = textStream(b, 'in2').groupByKey()
    first
      .cogroup<string>((_, value, all) => `${all}|1:${value}`)
      .cogroup(second, (_, value, all) => `${all}|2:${value}`)
      .windowedBy(TumblingWindows.of(10).grace(5))
      .aggregate(() => 'I', { store: 'cgw', value: string() })
      .toStream()
      .to('out', { value: string() })
  },
  cogroup_two_streams: (b) => {
    const first = textStream(b, 'in1').groupByKey()
    const second = numberStream(b, 'in2').groupByKey()
    first
      .cogroup<string>((_, value, all) => `${all}|1:${value}`)
      .cogroup(second, (_, value, all) => `${all}|2:${value}`)
      .aggregate(() => 'I', { store: 'cg', value: string() })
      .toStream()
      .to('out', { value: string() })
  },
}
