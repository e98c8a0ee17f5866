import { int64, SlidingWindows, StreamsBuilder, string, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('logins', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(SlidingWindows.of('10s').grace('30s'))
  .count({ store: 'attempts' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { logins: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64(), endIncluded: true } },
  steps: [
    ['logins', 'ann', 'a', '12s'],
    ['logins', 'ann', 'b', '17s'],
    ['logins', 'ann', 'c', '25s'],
    ['logins', 'ann', 'd', '15s'],
  ],
} satisfies Example
