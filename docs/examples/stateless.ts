import { json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Flight {
  to: string
  delay: number
}

const builder = new StreamsBuilder()
builder
  .stream('flights', { key: string(), value: json<Flight>() })
  .filter((_, flight) => flight.delay >= 15)
  .mapValues((flight) => `${flight.delay} minutes late to ${flight.to}`)
  .to('late', { value: string() })

export default {
  topology: builder.build(),
  inputs: { flights: { key: string(), value: json<Flight>() } },
  outputs: { late: { key: string(), value: string() } },
  steps: [
    ['flights', 'SFO', { to: 'JFK', delay: 20 }, '1s'],
    ['flights', 'LAX', { to: 'SEA', delay: 5 }, '2s'],
    ['flights', 'SFO', { to: 'SEA', delay: 45 }, '3s'],
  ],
} satisfies Example
