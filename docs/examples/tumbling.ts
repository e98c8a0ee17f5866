import { int64, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s'))
  .count({ store: 'clicks-per-10s' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'bob', 'b', '4s'],
    ['clicks', 'ann', 'c', '8s'],
    ['clicks', 'ann', 'd', '3s'],
    ['clicks', 'ann', 'e', '12s'],
    ['clicks', 'ann', 'f', '6s'],
    ['clicks', 'bob', 'g', '20s'],
  ],
} satisfies Example
