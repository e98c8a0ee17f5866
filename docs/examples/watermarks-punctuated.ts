import { int64, json, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

interface Reading {
  celsius: number
  /** Set in the last reading of a batch: the device has sent all that it has up to then. */
  completeUpTo?: number
}

const builder = new StreamsBuilder()
builder
  .stream('readings', {
    key: string(),
    value: json<Reading>(),
    watermark: ({ punctuated }) => punctuated((record) => record.value.completeUpTo),
  })
  .groupByKey()
  .windowedBy(TumblingWindows.of('10s'))
  .emitStrategy('onWindowClose')
  .count({ store: 'readings-per-10s' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { readings: { key: string(), value: json<Reading>() } },
  outputs: { counts: { key: windowed(string(), { size: '10s' }), value: int64() } },
  steps: [
    ['readings', 'attic', { celsius: 21 }, '12s'],
    ['readings', 'attic', { celsius: 20 }, '3s'],
    ['readings', 'attic', { celsius: 20, completeUpTo: 9_999 }, '7s'],
    ['readings', 'attic', { celsius: 22, completeUpTo: 19_999 }, '15s'],
  ],
} satisfies Example
