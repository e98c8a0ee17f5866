import { setTimeout as after } from 'node:timers/promises'
import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

/** A service that is slow to find Rome. */
async function locate(address: string, signal: AbortSignal): Promise<string> {
  if (address === 'Rome') await after(20, undefined, { signal })
  return `place of ${address}`
}

const builder = new StreamsBuilder()
builder
  .stream('addresses', { key: string(), value: string() })
  .mapValuesAsync((address, _, { signal }) => locate(address, signal))
  .to('places', { value: string() })

export default {
  topology: builder.build(),
  inputs: { addresses: { key: string(), value: string() } },
  outputs: { places: { key: string(), value: string() } },
  steps: [
    ['addresses', 'ann', 'Rome', '1s'],
    ['addresses', 'bob', 'Oslo', '2s'],
    ['addresses', 'ann', 'Bern', '3s'],
    'answers',
  ],
} satisfies Example
