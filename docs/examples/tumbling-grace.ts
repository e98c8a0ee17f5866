import { int64, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s').grace('5s'))
  .count({ store: 'clicks-per-10s' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64(), openFor: '5s' } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'ann', 'b', '12s'],
    ['clicks', 'ann', 'c', '6s'],
    ['clicks', 'bob', 'd', '15s'],
    ['clicks', 'ann', 'e', '8s'],
  ],
} satisfies Example
