import { json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('orders', { key: string(), value: json<{ pieces: number }>() })
  .mapValues((order) => {
    if (order.pieces < 0) throw new RangeError('fewer than no pieces')
    return `${order.pieces} pieces`
  })
  .to('orders-in-words', { value: string() })

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: string() } },
  outputs: { 'orders-in-words': { key: string(), value: string() } },
  steps: [
    ['orders', '1', '{"pieces":3}', '1s'],
    ['orders', '2', 'three pieces', '2s'],
    ['orders', '3', '{"pieces":-1}', '3s'],
  ],
} satisfies Example
