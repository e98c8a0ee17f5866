import { int64, StreamsBuilder, Suppressed, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s').grace('2s'))
  .count({ store: 'clicks-per-10s' })
  .suppress(Suppressed.untilWindowCloses(), { name: 'final-counts' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64(), openFor: '2s' } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'bob', 'b', '4s'],
    ['clicks', 'ann', 'c', '11s'],
    ['clicks', 'ann', 'd', '8s'],
    ['clicks', 'ann', 'e', '12s'],
    ['clicks', 'ann', 'f', '7s'],
  ],
} satisfies Example
