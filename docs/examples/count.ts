import { int64, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .count({ store: 'clicks' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: string(), value: int64() } },
  steps: [
    ['clicks', 'ann', 'home', '1s'],
    ['clicks', 'bob', 'home', '2s'],
    ['clicks', 'ann', 'cart', '3s'],
    ['clicks', null, 'cart', '4s'],
    ['clicks', 'ann', null, '5s'],
  ],
} satisfies Example
