import { JoinWindows, StreamsBuilder, string, Watermarks } from 'millrace'
import type { Example } from '../generator/example.js'

const watermark = Watermarks.monotonous()
const builder = new StreamsBuilder()
const payments = builder.stream('payments', { key: string(), value: string(), watermark })
builder
  .stream('orders', { key: string(), value: string(), watermark })
  .leftJoin(payments, (order, payment) => `${order}, ${payment ?? 'not paid'}`, JoinWindows.of('5s'))
  .to('checked', { value: string() })

export default {
  topology: builder.build(),
  inputs: {
    orders: { key: string(), value: string() },
    payments: { key: string(), value: string() },
  },
  outputs: { checked: { key: string(), value: string() } },
  steps: [
    ['orders', 'ann', 'tea', '10s'],
    ['orders', 'bob', 'rice', '30s'],
    ['payments', 'ann', 'card', '12s'],
    ['payments', 'bob', 'cash', '40s'],
    ['orders', 'cat', 'milk', '36s'],
  ],
} satisfies Example
