import { int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .table('stock', { key: string(), value: int32(), store: 'stock' })
  .filter((_, pieces) => pieces < 10, { store: 'running-out' })
  .toStream()
  .to('running-out')

export default {
  topology: builder.build(),
  inputs: { stock: { key: string(), value: int32() } },
  outputs: { 'running-out': { key: string(), value: int32() } },
  steps: [
    ['stock', 'tea', 40, '1s'],
    ['stock', 'tea', 8, '2s'],
    ['stock', 'tea', 5, '3s'],
    ['stock', 'tea', 60, '4s'],
    ['stock', 'tea', null, '5s'],
  ],
} satisfies Example
