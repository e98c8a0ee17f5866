import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('orders', { key: string(), value: string() })
  .deduplicate({
    within: '10s',
    id: (order) => order.split(' ')[0],
    idSerde: string(),
    store: 'seen',
    name: 'once',
    duplicates: (duplicates) => duplicates.to('again'),
  })
  .to('accepted')

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: string() } },
  outputs: {
    accepted: { key: string(), value: string() },
    again: { key: string(), value: string() },
  },
  steps: [
    ['orders', 'ann', 'o1 book', '1s'],
    ['orders', 'ann', 'o1 book', '3s'],
    ['orders', 'ann', 'o2 pen', '4s'],
    ['orders', 'bob', 'o1 lamp', '5s'],
    ['orders', 'ann', 'o1 book', '12s'],
    ['orders', 'bob', 'o9 ink', '30s'],
    ['orders', 'bob', 'o1 lamp', '15s'],
    ['orders', 'bob', 'o9 ink', '21s'],
  ],
} satisfies Example
