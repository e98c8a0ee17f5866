import { int64, StreamsBuilder, Suppressed, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .count({ store: 'clicks' })
  .suppress(Suppressed.untilTimeLimit('10s'), { name: 'calm-counts' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: string(), value: int64() } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'ann', 'b', '4s'],
    ['clicks', 'bob', 'c', '8s'],
    ['clicks', 'ann', 'd', '11s'],
    ['clicks', 'ann', 'e', '15s'],
    ['clicks', 'cid', 'f', '25s'],
  ],
} satisfies Example
