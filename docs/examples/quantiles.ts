import { Aggregators, int32, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('latencies', { key: string(), value: int32() })
  .groupByKey()
  .windowedBy(TumblingWindows.of('1m').grace('10s'))
  .aggregate(
    Aggregators.quantiles((ms) => ms, { relativeAccuracy: 0.01 }),
    { store: 'latency' },
  )
  .mapValues((ms) => `p50 ${ms.quantile(0.5).toFixed(1)}, p99 ${ms.quantile(0.99).toFixed(1)} of ${ms.count}`)
  .toStream()
  .to('latency', { value: string() })

export default {
  topology: builder.build(),
  inputs: { latencies: { key: string(), value: int32() } },
  outputs: { latency: { key: windowed(string(), { size: '1m' }), value: string() } },
  steps: [
    ['latencies', 'api', 20, '1s'],
    ['latencies', 'api', 900, '2s'],
    ['latencies', 'api', 30, '3s'],
    ['latencies', 'api', 25, '65s'],
    ['latencies', 'api', 40, '55s'],
  ],
} satisfies Example
