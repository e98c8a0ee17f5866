import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const customers = builder.table('customers', { key: string(), value: string(), store: 'customers' })
builder
  .stream<string | null, string>('orders', { key: string(), value: string() })
  .leftJoin(customers, (order, city) => `${order} to ${city ?? 'the shop'}`)
  .to('parcels', { value: string() })

export default {
  topology: builder.build(),
  inputs: {
    customers: { key: string(), value: string() },
    orders: { key: string(), value: string() },
  },
  outputs: { parcels: { key: string(), value: string() } },
  steps: [
    ['orders', 'ann', 'tea', '1s'],
    ['customers', 'ann', 'Oslo', '2s'],
    ['orders', 'ann', 'cups', '3s'],
    ['orders', null, 'milk', '4s'],
    ['orders', 'ann', null, '5s'],
  ],
} satisfies Example
