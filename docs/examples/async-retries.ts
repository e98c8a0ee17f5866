import { StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

/** A service that is busy at first. */
async function locate(address: string, attempt: number): Promise<string> {
  if (attempt === 1) throw new Error('busy')
  return `place of ${address}`
}

const builder = new StreamsBuilder()
builder
  .stream('addresses', { key: string(), value: string() })
  .mapValuesAsync((address, _, { attempt }) => locate(address, attempt), {
    timeout: '30s',
    retries: { max: 3, backoff: '200ms', maxBackoff: '5s' },
    circuitBreaker: { failures: 20, openFor: '10s' },
  })
  .to('places', { value: string() })

export default {
  topology: builder.build(),
  inputs: { addresses: { key: string(), value: string() } },
  outputs: { places: { key: string(), value: string() } },
  steps: [['addresses', 'ann', 'Rome', '1s'], 'answers', { wallClock: '200ms' }, 'answers'],
} satisfies Example
