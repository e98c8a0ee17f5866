import { type FixedKeyProcessorContext, int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
builder
  .stream('delays', { key: string(), value: int32() })
  .processValues(() => {
    let context: FixedKeyProcessorContext<string>
    return {
      init(given: FixedKeyProcessorContext<string>) {
        context = given
      },
      process(record) {
        const from = context.recordMetadata
        context.forward({ ...record, value: `${record.value} from ${from?.topic}, offset ${from?.offset}` })
      },
    }
  })
  .to('delays-with-origin', { value: string() })

export default {
  topology: builder.build(),
  inputs: { delays: { key: string(), value: int32() } },
  outputs: { 'delays-with-origin': { key: string(), value: string() } },
  steps: [
    ['delays', 'UA1', 20, '1s'],
    ['delays', 'UA2', 5, '2s'],
  ],
} satisfies Example
