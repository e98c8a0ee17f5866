import { int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const prices = builder.table('prices', {
  key: string(),
  value: int32(),
  store: 'prices',
  historyRetention: '1h',
})
builder
  .stream('sales', { key: string(), value: int32() })
  .join(prices, (pieces, price) => pieces * price)
  .to('amounts', { value: int32() })

export default {
  topology: builder.build(),
  inputs: {
    sales: { key: string(), value: int32() },
    prices: { key: string(), value: int32() },
  },
  outputs: { amounts: { key: string(), value: int32() } },
  steps: [
    ['prices', 'tea', 3, '1s'],
    ['prices', 'tea', 5, '6s'],
    ['sales', 'tea', 10, '7s'],
    ['sales', 'tea', 10, '4s'],
    ['prices', 'tea', 4, '3s'],
    ['sales', 'tea', 10, '4s'],
    ['sales', 'tea', 10, '0s'],
  ],
} satisfies Example
