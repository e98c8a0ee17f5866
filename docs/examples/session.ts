import { int64, SessionWindows, StreamsBuilder, sessionWindowed, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(SessionWindows.of('5s').grace('10s'))
  .count({ store: 'visits' })
  .toStream()
  .to('visits')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { visits: { key: sessionWindowed(string()), value: int64(), endIncluded: true } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'ann', 'b', '4s'],
    ['clicks', 'ann', 'c', '13s'],
    ['clicks', 'ann', 'd', '9s'],
    ['clicks', 'ann', 'e', '24s'],
  ],
} satisfies Example
