import type { KStream } from '../../../src/dsl/kstream.js'
import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'

/** A topology, and what Kafka Streams prints of the same one. */
export interface GoldenTopology {
  /** What it is about; of golden semantic vectors, the names of those that run on it. */
  readonly cases: readonly string[]
  readonly build: (builder: StreamsBuilder) => void
  readonly text: string
}

export const strings = { key: string(), value: string() }
export const numbers = { key: string(), value: int64() }

export const stream = (builder: StreamsBuilder, topic = 'in'): KStream<string, string> =>
  builder.stream(topic, strings)
