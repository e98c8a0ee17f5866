import { int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('delays', { key: string(), value: int32() })
  .groupByKey()
  .reduce((worst, delay) => Math.max(worst, delay), { store: 'worst-delay' })
  .toStream()
  .to('worst')

export default {
  topology: builder.build(),
  inputs: { delays: { key: string(), value: int32() } },
  outputs: { worst: { key: string(), value: int32() } },
  steps: [
    ['delays', 'SFO', 20, '3s'],
    ['delays', 'SFO', 5, '4s'],
    ['delays', 'SFO', 45, '1s'],
  ],
} satisfies Example
