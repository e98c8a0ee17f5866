import { json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Order {
  customer: string | null
  item: string
}

const builder = new StreamsBuilder()
const customers = builder.table('customers', { key: string(), value: string(), store: 'customers' })
builder
  .table('orders', { key: string(), value: json<Order>(), store: 'orders' })
  .leftJoin(
    customers,
    (order) => order.customer,
    (order, city) => `${order.item} to ${city ?? 'the counter'}`,
    { name: 'deliveries' },
  )
  .toStream()
  .to('deliveries', { value: string() })

export default {
  topology: builder.build(),
  inputs: {
    orders: { key: string(), value: json<Order>() },
    customers: { key: string(), value: string() },
  },
  outputs: { deliveries: { key: string(), value: string() } },
  steps: [
    ['orders', 'o1', { customer: 'ann', item: 'tea' }, '1s'],
    ['orders', 'o2', { customer: null, item: 'rice' }, '2s'],
    ['customers', 'ann', 'Rome', '3s'],
    ['orders', 'o1', null, '4s'],
  ],
} satisfies Example
