import { int64, type ProcessorContext, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .process(() => {
    let clicks = 0
    return {
      init(context: ProcessorContext<string, number>) {
        context.schedule('10s', 'stream-time', (timestamp) =>
          context.forward({ key: 'clicks so far', value: clicks, timestamp }),
        )
      },
      process() {
        clicks++
      },
    }
  })
  .to('counts', { key: string(), value: int64() })

export default {
  topology: builder.build(),
  inputs: { clicks: { key: string(), value: string() } },
  outputs: { counts: { key: string(), value: int64() } },
  steps: [
    ['clicks', 'ann', 'a', '1s'],
    ['clicks', 'ann', 'b', '7s'],
    ['clicks', 'ann', 'c', '11s'],
    ['clicks', 'ann', 'd', '9s'],
    ['clicks', 'ann', 'e', '45s'],
    ['clicks', 'ann', 'f', '50s'],
  ],
} satisfies Example
