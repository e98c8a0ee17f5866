import { int64, StreamsBuilder, string, UnlimitedWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('orders', { key: string(), value: string() })
  .groupByKey()
  .windowedBy(UnlimitedWindows.of().startOn(10_000))
  .count({ store: 'orders-since' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: Number.MAX_SAFE_INTEGER }), value: int64() } },
  steps: [
    ['orders', 'ann', 'a', '4s'],
    ['orders', 'ann', 'b', '10s'],
    ['orders', 'ann', 'c', '50s'],
    ['orders', 'ann', 'd', '12s'],
  ],
} satisfies Example
