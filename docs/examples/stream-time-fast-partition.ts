import { int64, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const berlin = builder.stream('berlin', { key: string(), value: string() })
builder
  .stream('paris', { key: string(), value: string() })
  .merge(berlin)
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'trips-per-10s' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { paris: { key: string(), value: string() }, berlin: { key: string(), value: string() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [
    ['paris', 'taxi', 'a', '1s'],
    ['paris', 'taxi', 'b', '25s'],
    ['berlin', 'taxi', 'c', '2s'],
    ['berlin', 'taxi', 'd', '5s'],
    ['berlin', 'taxi', 'e', '26s'],
  ],
} satisfies Example
