import { setTimeout as after } from 'node:timers/promises'
import { type AsyncOrder, StreamsBuilder, string, type Topology } from '../../src/index.js'

/** Asks a service about each value that takes up to 20 ms and fails now and then. */
export function askingTopology(input: string, output: string, order: AsyncOrder = 'key'): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string() })
    .mapValuesAsync(
      async (value, _, { signal }) => {
        await after(Math.random() * 20, undefined, { signal })
        if (Math.random() < 0.02) throw new Error('busy')
        return `answer to ${value}`
      },
      { name: 'ask', order, capacity: 50, retries: { max: 20, backoff: '2ms' } },
    )
    .to(output, { value: string() })
  return builder.build()
}
