import { int64, StreamsBuilder, string, TumblingWindows, Watermarks, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', {
    key: string(),
    value: string(),
    watermark: Watermarks.monotonous().withIdleness('5s', { watermark: 'wall-clock' }),
  })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'clicks-per-10s' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [['clicks', 'ann', 'a', '3s'], { wallClock: '4s' }, { wallClock: '3s' }],
} satisfies Example
