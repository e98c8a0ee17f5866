import { int64, StreamsBuilder, string, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const watermark = Watermarks.monotonous()
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
  inputs: { desks: { key: string(), value: string() }, phones: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [
    ['desks', 'ann', 'a', '2s'],
    ['desks', 'ann', 'b', '12s'],
    ['desks', 'ann', 'c', '90s'],
    { wallClock: '1h' },
    'drain',
  ],
} satisfies Example
