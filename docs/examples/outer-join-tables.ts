import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const names = builder.table('names', { key: string(), value: string(), store: 'names' })
const cities = builder.table('cities', { key: string(), value: string(), store: 'cities' })
names
  .outerJoin(cities, (name, city) => `${name}, ${city}`, { store: 'people', value: string() })
  .toStream()
  .to('people')

export default {
  topology: builder.build(),
  inputs: {
    names: { key: string(), value: string() },
    cities: { key: string(), value: string() },
  },
  outputs: { people: { key: string(), value: string() } },
  steps: [
    ['names', '1', 'Ann', '1s'],
    ['cities', '1', 'Oslo', '2s'],
    ['cities', '2', 'Bergen', '3s'],
    ['names', '1', 'Anna', '4s'],
    ['cities', '1', null, '5s'],
    ['names', '1', null, '6s'],
  ],
} satisfies Example
