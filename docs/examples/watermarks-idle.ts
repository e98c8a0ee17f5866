import { int64, StreamsBuilder, string, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const watermark = Watermarks.monotonous().withIdleness('1m')
const builder = new StreamsBuilder()
const phones = builder.stream('phones', { key: string(), value: string(), watermark })
builder
  .stream('desks', { key: string(), value: string(), watermark })
  .merge(phones)
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'calls-per-10s' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: {
    desks: { key: string(), value: string() },
    phones: { key: string(), value: string() },
  },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [
    ['desks', 'ann', 'a', '2s'],
    ['desks', 'ann', 'b', '12s'],
    { wallClock: '40s' },
    ['desks', 'ann', 'c', '13s'],
    { wallClock: '20s' },
    ['phones', 'bob', 'd', '14s'],
    ['desks', 'ann', 'e', '25s'],
    ['phones', 'bob', 'f', '20s'],
  ],
} satisfies Example
