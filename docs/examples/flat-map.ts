import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('legs', { key: string(), value: string() })
  .flatMap((flight, stops) => stops.split('-').map((airport, index) => [airport, `${flight} ${index}`]))
  .to('stops', { key: string(), value: string() })

export default {
  topology: builder.build(),
  inputs: { legs: { key: string(), value: string() } },
  outputs: { stops: { key: string(), value: string() } },
  steps: [
    ['legs', 'UA1', 'SFO-ORD-JFK', '1s'],
    ['legs', 'UA2', 'LAX', '2s'],
  ],
} satisfies Example
