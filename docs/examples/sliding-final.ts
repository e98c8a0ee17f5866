import { int64, SlidingWindows, StreamsBuilder, string, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('logins', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(SlidingWindows.of('10s').grace('5s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'attempts' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { logins: { key: string(), value: string() } },
  outputs: {
    counts: { key: windowed(string(), { size: '10s' }), value: int64(), endIncluded: true, openFor: '5s' },
  },
  steps: [
    ['logins', 'ann', 'a', '12s'],
    ['logins', 'ann', 'b', '16s'],
    ['logins', 'ann', 'c', '18s'],
    ['logins', 'bob', 'd', '24s'],
    ['logins', 'bob', 'e', '40s'],
  ],
} satisfies Example
