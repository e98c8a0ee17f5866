import { int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const { late, early, rest } = builder
  .stream('delays', { key: string(), value: int32() })
  .split({ name: 'by-delay-' })
  .branch((_, delay) => delay >= 15, { name: 'late' })
  .branch((_, delay) => delay < 0, { name: 'early' })
  .defaultBranch({ name: 'rest' })
late.to('late')
early.merge(rest).to('fine')

export default {
  topology: builder.build(),
  inputs: { delays: { key: string(), value: int32() } },
  outputs: { late: { key: string(), value: int32() }, fine: { key: string(), value: int32() } },
  steps: [
    ['delays', 'UA1', 20, '1s'],
    ['delays', 'UA2', -3, '2s'],
    ['delays', 'UA3', 5, '3s'],
  ],
} satisfies Example
