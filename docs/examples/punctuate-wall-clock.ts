import { int64, type ProcessorContext, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('clicks', { key: string(), value: string() })
  .process(() => {
    let clicks = 0
    return {
      init(context: ProcessorContext<string, number>) {
        context.schedule('10s', 'wall-clock', (timestamp) =>
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
    { wallClock: '10s' },
    ['clicks', 'ann', 'b', '2s'],
    { wallClock: '5s' },
    { wallClock: '25s' },
    { wallClock: '10s' },
  ],
} satisfies Example
