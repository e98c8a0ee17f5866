import { Aggregators, int32, json, SessionWindows, StreamsBuilder, sessionWindowed, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface View {
  page: string
}

const builder = new StreamsBuilder()
builder
  .stream('views', { key: string(), value: json<View>() })
  .groupByKey()
  .windowedBy(SessionWindows.of('10m').grace('1h'))
  .aggregate(
    Aggregators.distinctCount(({ page }) => page, { precision: 12 }),
    { store: 'pages' },
  )
  .mapValues(({ count }) => count)
  .toStream()
  .to('pages', { value: int32() })

export default {
  topology: builder.build(),
  inputs: { views: { key: string(), value: json() } },
  outputs: { pages: { key: sessionWindowed(string()), value: int32() } },
  steps: [
    ['views', 'ann', { page: 'home' }, '0s'],
    ['views', 'ann', { page: 'cart' }, '5m'],
    ['views', 'ann', { page: 'home' }, '6m'],
    ['views', 'ann', { page: 'home' }, '20m'],
    ['views', 'ann', { page: 'help' }, '13m'],
  ],
} satisfies Example
