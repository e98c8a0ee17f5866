import { int64, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const clicks = builder.stream('clicks', { key: string(), value: string() })
clicks.mapValues((page) => page.toUpperCase()).to('pages', { value: string() })
clicks.groupByKey().count({ store: 'clicks' }).toStream().to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { pages: { key: string(), value: string() }, counts: { key: string(), value: int64() } },
  steps: [
    ['clicks', 'ann', 'home', '1s', { trace: 'a1' }],
    ['clicks', 'ann', 'cart', '2s', { trace: 'b2' }],
  ],
} satisfies Example
