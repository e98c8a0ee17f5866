import { json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Order {
  customer: string
  item: string
}

const builder = new StreamsBuilder()
const customers = builder.table('customers', { key: string(), value: string(), store: 'customers' })
builder
  .table('orders', { key: string(), value: json<Order>(), store: 'orders' })
  .join(
    customers,
    (order) => order.customer,
    (order, city) => `${order.item} to ${city}`,
    { name: 'deliveries', store: 'deliveries', value: string() },
  )
  .toStream()
  .to('deliveries')

export default {
  topology: builder.build(),
  inputs: {
    orders: { key: string(), value: json<Order>() },
    customers: { key: string(), value: string() },
  },
  outputs: { deliveries: { key: string(), value: string() } },
  steps: [
    ['customers', 'ann', 'Rome', '1s'],
    ['orders', 'o1', { customer: 'ann', item: 'tea' }, '2s'],
    ['orders', 'o2', { customer: 'ann', item: 'rice' }, '3s'],
    ['orders', 'o3', { customer: 'bob', item: 'salt' }, '4s'],
    ['customers', 'ann', 'Oslo', '5s'],
    ['orders', 'o2', { customer: 'bob', item: 'rice' }, '6s'],
    ['customers', 'bob', 'Bonn', '7s'],
    ['orders', 'o1', null, '8s'],
    ['customers', 'bob', null, '9s'],
  ],
} satisfies Example
