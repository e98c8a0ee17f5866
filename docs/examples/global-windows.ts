import { GlobalWindows, int32, StreamsBuilder, string, Triggers } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('payments', { key: string(), value: int32() })
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.purging(Triggers.count(3)))
  .reduce((one, other) => one + other, { store: 'batches' })
  .selectKey(({ key }) => key)
  .to('batches', { key: string() })

export default {
  topology: builder.build(),
  inputs: { payments: { key: string(), value: int32() } },
  outputs: { batches: { key: string(), value: int32() } },
  steps: [
    ['payments', 'ann', 5, '1s'],
    ['payments', 'ann', 7, '2s'],
    ['payments', 'bob', 1, '3s'],
    ['payments', 'ann', 10, '4s'],
    ['payments', 'ann', 2, '5s'],
  ],
} satisfies Example
