import { int64, StreamsBuilder, Suppressed, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .count({ store: 'clicks' })
  .suppress(Suppressed.untilTimeLimit('1m', { maxRecords: 2, whenFull: 'emit-early' }), { name: 'calm' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: string(), value: int64() } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'bob', 'b', '2s'],
    ['clicks', 'ann', 'c', '3s'],
    ['clicks', 'cid', 'd', '4s'],
  ],
} satisfies Example
