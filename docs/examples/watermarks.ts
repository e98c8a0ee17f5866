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
  .emitStrategy('onWindowClose')
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
    ['clicks', 'ann', 'b', '14s'],
    ['clicks', 'ann', 'c', '8s'],
    ['clicks', 'bob', 'd', '15s'],
    ['clicks', 'ann', 'e', '9s'],
    'drain',
  ],
} satisfies Example
