import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('positions', { key: string(), value: string() })
  .toTable({ store: 'last-position' })
  .filterNot((_, place) => place === 'hangar')
  .toStream()
  .to('on-the-way')

export default {
  topology: builder.build(),
  inputs: { positions: { key: string(), value: string() } },
  outputs: { 'on-the-way': { key: string(), value: string() } },
  steps: [
    ['positions', 'N1', 'SFO', '1s'],
    ['positions', 'N1', 'JFK', '2s'],
    ['positions', 'N2', 'hangar', '3s'],
    ['positions', 'N1', 'hangar', '4s'],
  ],
} satisfies Example
