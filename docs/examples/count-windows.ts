import { CountWindows, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(CountWindows.of(3))
  .reduce((path, page) => `${path} ${page}`, { store: 'paths' })
  .to('paths')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { paths: { key: string(), value: string() } },
  steps: [
    ['clicks', 'ann', '/', '1s'],
    ['clicks', 'bob', '/', '4s'],
    ['clicks', 'ann', '/shoes', '8s'],
    ['clicks', 'ann', '/cart', '3s'],
    ['clicks', 'ann', '/', '12s'],
  ],
} satisfies Example
