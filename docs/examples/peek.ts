import { int32, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

const lines: string[] = []

const builder = new StreamsBuilder()
builder
  .stream('delays', { key: string(), value: int32() })
  .peek((flight, delay) => lines.push(`${flight} is ${delay} minutes late`))
  .filter((_, delay) => delay > 0)
  .print({ label: 'late', write: (line) => lines.push(line) })

export default {
  topology: builder.build(),
  inputs: { delays: { key: string(), value: int32() } },
  outputs: {},
  lines,
  steps: [
    ['delays', 'UA1', 20, '1s'],
    ['delays', 'UA2', 0, '2s'],
  ],
} satisfies Example
