import { json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Airport {
  city: string
  runways: number
}

const builder = new StreamsBuilder()
builder
  .table('airports', { key: string(), value: json<Airport>(), store: 'airports' })
  .mapValues((airport) => airport.city, { store: 'cities', value: string() })
  .toStream()
  .to('cities')

export default {
  topology: builder.build(),
  inputs: { airports: { key: string(), value: json<Airport>() } },
  outputs: { cities: { key: string(), value: string() } },
  steps: [
    ['airports', 'SFO', { city: 'San Francisco', runways: 4 }, '1s'],
    ['airports', 'SJC', { city: 'San Jose', runways: 2 }, '2s'],
    ['airports', 'SFO', null, '3s'],
  ],
} satisfies Example
