import { int32, StreamsBuilder, string, Watermarks } from 'millrace'
import type { Example } from '../generator/example.js'

const watermark = Watermarks.boundedOutOfOrderness('2s')
const builder = new StreamsBuilder()
const quotes = builder.stream('quotes', { key: string(), value: int32(), watermark })
builder
  .stream('trades', { key: string(), value: int32(), watermark })
  .leftAsOfJoin(quotes, (pieces, quote) => `${pieces} at ${quote ?? 'no quote'}`, {
    name: 'priced',
    historyRetention: '1h',
    tolerance: '10s',
    gracePeriod: '1ms',
  })
  .to('priced', { value: string() })

export default {
  topology: builder.build(),
  inputs: { quotes: { key: string(), value: int32() }, trades: { key: string(), value: int32() } },
  outputs: { priced: { key: string(), value: string() } },
  steps: [
    ['quotes', 'acme', 50, '1s'],
    ['quotes', 'acme', 52, '5s'],
    ['trades', 'acme', 10, '6s'],
    ['quotes', 'acme', 51, '4s'],
    ['trades', 'acme', 20, '4s'],
    ['quotes', 'acme', 53, '9s'],
    ['trades', 'acme', 30, '20s'],
    'drain',
  ],
} satisfies Example
