import { int64, StreamsBuilder, string, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string(), watermark: Watermarks.boundedOutOfOrderness('2s') })
  .groupBy((_, page) => page, { key: string(), name: 'by-page' })
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'clicks-per-page' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [
    ['clicks', 'ann', 'home', '3s'],
    ['clicks', 'bob', 'cart', '11s'],
    ['clicks', 'cid', 'home', '9s'],
    ['clicks', 'ann', 'cart', '12s'],
  ],
} satisfies Example
