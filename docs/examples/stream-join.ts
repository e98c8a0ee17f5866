import { JoinWindows, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const orders = builder.stream('orders', { key: string(), value: string() })
const payments = builder.stream('payments', { key: string(), value: string() })
orders
  .join(payments, (order, payment) => `${order} by ${payment}`, JoinWindows.of('10s'), { store: 'paid' })
  .to('paid', { value: string() })

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: string() }, payments: { key: string(), value: string() } },
  outputs: { paid: { key: string(), value: string() } },
  steps: [
    ['orders', 'ann', 'book', '5s'],
    ['payments', 'ann', 'card', '8s'],
    ['orders', 'ann', 'pen', '12s'],
    ['payments', 'bob', 'cash', '20s'],
    ['payments', 'ann', 'coin', '15s'],
    ['payments', 'ann', 'gold', '23s'],
  ],
} satisfies Example
