import { int64, SessionWindows, StreamsBuilder, sessionWindowed, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(SessionWindows.of('5s').grace('3s'))
  .count({ store: 'visits' })
  .toStream()
  .to('visits')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { visits: { key: sessionWindowed(string()), value: int64(), endIncluded: true, openFor: '8s' } },
  steps: [
    ['clicks', 'ann', 'a', '2s'],
    ['clicks', 'bob', 'b', '9s'],
    ['clicks', 'ann', 'c', '5s'],
    ['clicks', 'bob', 'd', '14s'],
    ['clicks', 'cid', 'e', '4s'],
    ['clicks', 'ann', 'f', '8s'],
  ],
} satisfies Example
