import { Aggregators, json, StreamsBuilder, string, TumblingWindows, windowed } from 'millrace'
import type { Example } from '../generator/example.js'

interface Flight {
  flight: string
  delay: number
}

const builder = new StreamsBuilder()
builder
  .stream('flights', { key: string(), value: json<Flight>() })
  .groupByKey()
  .windowedBy(TumblingWindows.of('1h').grace('1h'))
  .aggregate(Aggregators.topN({ n: 2, by: ({ delay }) => delay, value: json<Flight>() }), { store: 'worst' })
  .mapValues((worst) => worst.map(({ flight, delay }) => `${flight} ${delay}`).join(', '))
  .toStream()
  .to('worst', { value: string() })

export default {
  topology: builder.build(),
  inputs: { flights: { key: string(), value: json() } },
  outputs: { worst: { key: windowed(string(), { size: '1h' }), value: string() } },
  steps: [
    ['flights', 'SFO', { flight: 'UA1', delay: 20 }, '5m'],
    ['flights', 'SFO', { flight: 'AA7', delay: 45 }, '20m'],
    ['flights', 'SFO', { flight: 'DL3', delay: 5 }, '30m'],
    ['flights', 'SFO', { flight: 'WN9', delay: 30 }, '70m'],
    ['flights', 'SFO', { flight: 'AA2', delay: 45 }, '50m'],
  ],
} satisfies Example
