import { int32, json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Airport {
  city: string
  runways: number
}

const builder = new StreamsBuilder()
builder
  .table('airports', { key: string(), value: json<Airport>(), store: 'airports' })
  .groupBy((_, airport) => [airport.city, airport.runways], {
    key: string(),
    value: int32(),
    name: 'by-city',
  })
  .reduce(
    (sum, runways) => sum + runways,
    (sum, runways) => sum - runways,
    { store: 'runways' },
  )
  .toStream()
  .to('runways')

export default {
  topology: builder.build(),
  inputs: { airports: { key: string(), value: json<Airport>() } },
  outputs: { runways: { key: string(), value: int32() } },
  steps: [
    ['airports', 'LHR', { city: 'London', runways: 2 }, '1s'],
    ['airports', 'LGW', { city: 'London', runways: 1 }, '2s'],
    ['airports', 'LHR', { city: 'London', runways: 3 }, '3s'],
    ['airports', 'LGW', { city: 'Crawley', runways: 1 }, '4s'],
    ['airports', 'LHR', null, '5s'],
  ],
} satisfies Example
