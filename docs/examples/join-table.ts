import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const customers = builder.table('customers', { key: string(), value: string(), store: 'customers' })
builder
  .stream('orders', { key: string(), value: string() })
  .join(customers, (order, city) => `${order} to ${city}`)
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
    ['customers', 'ann', 'Bergen', '5s'],
    ['orders', 'ann', 'milk', '4s'],
    ['customers', 'ann', null, '6s'],
    ['orders', 'ann', 'salt', '7s'],
  ],
} satisfies Example
