import { HoppingWindows, int64, StreamsBuilder, string, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(HoppingWindows.of('10s').advanceBy('5s').grace('2s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'recent-clicks' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64(), openFor: '2s' } },
  steps: [
    ['clicks', 'ann', 'a', '2s'],
    ['clicks', 'ann', 'b', '7s'],
    ['clicks', 'ann', 'c', '11s'],
    ['clicks', 'ann', 'd', '8s'],
    ['clicks', 'ann', 'e', '12s'],
    ['clicks', 'ann', 'f', '19s'],
  ],
} satisfies Example
