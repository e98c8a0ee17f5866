import { JoinWindows, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const builder = new StreamsBuilder()
const sent = builder.stream('sent', { key: string(), value: string() })
const seen = builder.stream('seen', { key: string(), value: string() })
sent
  .outerJoin(
    seen,
    (from, to) => {
      if (to === null) return `lost on its way from ${from}`
      return from === null ? `came to ${to} from nowhere` : `${from} to ${to}`
    },
    JoinWindows.of('10s'),
    { store: 'parcels' },
  )
  .to('parcels', { value: string() })

export default {
  topology: builder.build(),
  inputs: { sent: { key: string(), value: string() }, seen: { key: string(), value: string() } },
  outputs: { parcels: { key: string(), value: string() } },
  steps: [
    ['sent', 'p1', 'Rome', '0s'],
    ['sent', 'p2', 'Oslo', '2s'],
    ['seen', 'p1', 'Paris', '7s'],
    ['seen', 'p3', 'Lyon', '8s'],
    ['sent', 'p4', 'Bern', '19s'],
    ['sent', 'p5', 'Kiel', '30s'],
  ],
} satisfies Example
