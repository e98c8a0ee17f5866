import { JoinWindows, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const clicks = builder.stream('clicks', { key: string(), value: string() })
// Each click with those that follow it within ten seconds.
clicks
  .join(clicks, (first, then) => `${first} > ${then}`, JoinWindows.of(0).after('10s').grace('1s'), {
    store: 'steps',
  })
  .to('steps', { value: string() })

export default {
  topology: builder.build({ optimization: ['single-store-self-join'] }),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { steps: { key: string(), value: string() } },
  steps: [
    ['clicks', 'ann', 'home', '0s'],
    ['clicks', 'ann', 'list', '4s'],
    ['clicks', 'ann', 'cart', '13s'],
  ],
} satisfies Example
