import { int32, json, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

interface Reading {
  at: number
  value: number
}

const builder = new StreamsBuilder()
builder
  .stream('readings', { key: string(), value: json<Reading>(), timestamp: ({ value }) => value.at })
  .mapValues((reading) => reading.value)
  .groupByKey({ value: int32() })
  .windowedBy(TumblingWindows.of('10s'))
  .reduce((sum, value) => sum + value, { store: 'sums' })
  .toStream()
  .to('sums')

export default {
  topology: builder.build(),
  inputs: { readings: { key: string(), value: json<Reading>() } },
  outputs: { sums: { key: windowed(string(), { size: '10s' }), value: int32() } },
  steps: [
    ['readings', 'r1', { at: 2_000, value: 3 }, '31s'],
    ['readings', 'r1', { at: 8_000, value: 4 }, '30s'],
    ['readings', 'r1', { at: 11_000, value: 5 }, '32s'],
  ],
} satisfies Example
