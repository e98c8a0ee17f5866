import { Aggregators, json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Position {
  at: string
  sentAt: number
}

const builder = new StreamsBuilder()
builder
  .stream('positions', { key: string(), value: json<Position>() })
  .groupByKey()
  .aggregate(Aggregators.latestBy({ by: ({ sentAt }) => sentAt, value: json<Position>() }), {
    store: 'latest',
  })
  .mapValues(({ at }) => at)
  .toStream()
  .to('latest', { value: string() })

export default {
  topology: builder.build(),
  inputs: { positions: { key: string(), value: json() } },
  outputs: { latest: { key: string(), value: string() } },
  steps: [
    ['positions', 'van', { at: 'depot', sentAt: 1 }, '1s'],
    ['positions', 'van', { at: 'bridge', sentAt: 3 }, '3s'],
    ['positions', 'van', { at: 'gate', sentAt: 2 }, '4s'],
  ],
} satisfies Example
