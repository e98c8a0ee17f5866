import { StreamsBuilder, string, usePartitionTimeOnInvalidTimestamp } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('events', { key: string(), value: string(), timestamp: usePartitionTimeOnInvalidTimestamp() })
  .to('copy')

export default {
  topology: builder.build(),
  inputs: { events: { key: string(), value: string() } },
  outputs: { copy: { key: string(), value: string() } },
  steps: [
    ['events', 'a', 'x', '5s'],
    ['events', 'b', 'y', -1],
    ['events', 'c', 'z', '7s'],
  ],
} satisfies Example
