import { int64, StreamsBuilder, string, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', {
    key: string(),
    value: string(),
    watermark: Watermarks.boundedOutOfOrderness('5s'),
  })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose', { allowedLateness: '10s' })
  .count({ store: 'clicks-per-10s', late: (clicks) => clicks.to('late') })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: {
    counts: { key: windowed(string(), { size: '10s' }), value: int64() },
    late: { key: string(), value: string() },
  },
  steps: [
    ['clicks', 'ann', 'a', '2s'],
    ['clicks', 'bob', 'b', '15s'],
    ['clicks', 'ann', 'c', '9s'],
    ['clicks', 'bob', 'd', '24s'],
    ['clicks', 'ann', 'e', '4s'],
    ['clicks', 'bob', 'f', '25s'],
    ['clicks', 'ann', 'g', '5s'],
  ],
} satisfies Example
