import { JoinWindows, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const orders = builder.stream('orders', { key: string(), value: string() })
const payments = builder.stream('payments', { key: string(), value: string() })
// A payment comes with its order, or up to ten seconds later.
const windows = JoinWindows.of(0).after('10s').grace('2s')
orders
  .leftJoin(payments, (order, payment) => `${order} by ${payment ?? 'nobody'}`, windows, { store: 'paid' })
  .to('paid', { value: string() })

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: string() }, payments: { key: string(), value: string() } },
  outputs: { paid: { key: string(), value: string() } },
  steps: [
    ['orders', 'ann', 'book', '1s'],
    ['orders', 'bob', 'lamp', '3s'],
    ['payments', 'ann', 'card', '6s'],
    ['orders', 'cid', 'ink', '14s'],
    ['payments', 'bob', 'cash', '13s'],
    ['orders', 'dan', 'desk', '27s'],
  ],
} satisfies Example
