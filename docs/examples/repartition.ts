import { int64, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('flights', { key: string(), value: string() })
  .selectKey((_, carrier) => carrier)
  .groupByKey({ key: string(), value: string(), name: 'by-carrier' })
  .count({ store: 'flights-per-carrier' })
  .toStream()
  .to('counts')

export default {
  topology: builder.build(),
  inputs: { flights: { key: string(), value: string() } },
  outputs: {
    'by-carrier-repartition': { key: string(), value: string() },
    counts: { key: string(), value: int64() },
  },
  steps: [
    ['flights', '1', 'UA', '1s'],
    ['flights', '2', 'AA', '2s'],
    ['flights', '3', 'UA', '3s'],
  ],
} satisfies Example
