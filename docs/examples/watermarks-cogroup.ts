import { int32, StreamsBuilder, string, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const watermark = Watermarks.monotonous()
const builder = new StreamsBuilder()
const orders = builder.stream('orders', { key: string(), value: int32(), watermark }).groupByKey()
const payments = builder.stream('payments', { key: string(), value: int32(), watermark }).groupByKey()
orders
  .cogroup<number>((_, sum, open) => open + sum, { late: (late) => late.to('late-orders') })
  .cogroup(payments, (_, sum, open) => open - sum, { late: (late) => late.to('late-payments') })
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose')
  .aggregate(() => 0, { store: 'open-per-10s', value: int32() })
  .toStream()
  .to('open')

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: int32() }, payments: { key: string(), value: int32() } },
  outputs: {
    open: { key: windowed(string(), { size: '10s' }), value: int32() },
    'late-orders': { key: string(), value: int32() },
    'late-payments': { key: string(), value: int32() },
  },
  steps: [
    ['orders', 'ann', 30, '1s'],
    ['orders', 'ann', 5, '14s'],
    ['payments', 'ann', 20, '6s'],
    ['payments', 'bob', 9, '10s'],
    ['payments', 'ann', 10, '8s'],
  ],
} satisfies Example
