import { int64, StreamsBuilder, string, Triggers, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string(), watermark: Watermarks.monotonous() })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s').grace('10s'))
  .trigger(Triggers.eventTime({ early: Triggers.count(2) }))
  .count({ store: 'clicks-per-10s' })
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64(), openFor: '10s' } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'ann', 'b', '4s'],
    ['clicks', 'ann', 'c', '7s'],
    ['clicks', 'ann', 'd', '12s'],
    ['clicks', 'ann', 'e', '8s'],
    ['clicks', 'ann', 'f', '25s'],
    ['clicks', 'ann', 'g', '9s'],
  ],
} satisfies Example
