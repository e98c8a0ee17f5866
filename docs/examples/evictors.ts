import { Evictors, GlobalWindows, int32, StreamsBuilder, string, Triggers } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('speeds', { key: string(), value: int32() })
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.count(1))
  .evict(Evictors.time('10s'))
  .apply((_, speeds) => Math.max(...speeds), { store: 'last-10s' })
  .selectKey(({ key }) => key)
  .to('top-speeds', { key: string(), value: int32() })

export default {
  topology: builder.build(),
  inputs: { speeds: { key: string(), value: int32() } },
  outputs: { 'top-speeds': { key: string(), value: int32() } },
  steps: [
    ['speeds', 'car', 50, '1s'],
    ['speeds', 'car', 30, '4s'],
    ['speeds', 'car', 40, '11s'],
    ['speeds', 'car', 70, '2s'],
    ['speeds', 'car', 35, '15s'],
  ],
} satisfies Example
