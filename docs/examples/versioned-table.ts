import { int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const prices = builder.table('prices', {
  key: string(),
  value: int32(),
  store: 'prices',
  historyRetention: '1h',
})
prices.toStream().to('changes')
prices
  .groupBy((_, price) => ['all', price], { key: string(), value: int32(), name: 'sum' })
  .reduce(
    (sum, price) => sum + price,
    (sum, price) => sum - price,
    { store: 'sum' },
  )
  .toStream()
  .to('sum')

export default {
  topology: builder.build(),
  inputs: { prices: { key: string(), value: int32() } },
  outputs: {
    changes: { key: string(), value: int32() },
    sum: { key: string(), value: int32() },
  },
  steps: [
    ['prices', 'tea', 3, '10s'],
    ['prices', 'rice', 5, '20s'],
    ['prices', 'tea', 2, '5s'],
    ['prices', 'tea', 4, '30s'],
    ['prices', 'rice', 6, '2h'],
    ['prices', 'tea', 1, '40s'],
  ],
} satisfies Example
