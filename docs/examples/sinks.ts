import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream(['orders-de', 'orders-fr'], { key: string(), value: string() })
  .to((_, product, { topic }) => `${product}-${topic.slice(-2)}`)

export default {
  topology: builder.build(),
  inputs: {
    'orders-de': { key: string(), value: string() },
    'orders-fr': { key: string(), value: string() },
  },
  outputs: {
    'tea-de': { key: string(), value: string() },
    'tea-fr': { key: string(), value: string() },
    'jam-fr': { key: string(), value: string() },
  },
  steps: [
    ['orders-de', '1', 'tea', '1s'],
    ['orders-fr', '2', 'jam', '2s'],
    ['orders-fr', '3', 'tea', '3s'],
  ],
} satisfies Example
