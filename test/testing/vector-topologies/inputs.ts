import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'

/** Topologies by name, each as its `javaTopology` has it. */
export type Catalogue = Readonly<Record<string, (builder: StreamsBuilder) => void>>

export const texts = { key: string(), value: string() }
export const numbers = { key: string(), value: int64() }

export const textStream = (builder: StreamsBuilder, topic = 'in') =>
  builder.stream<string, string>(topic, texts)
export const numberStream = (builder: StreamsBuilder, topic = 'in') =>
  builder.stream<string, number>(topic, numbers)
export const nullableTexts = (builder: StreamsBuilder, topic = 'in') =>
  builder.stream<string | null, string | null>(topic, texts)
export const nullableNumbers = (builder: StreamsBuilder) =>
  builder.stream<string | null, number | null>('in', numbers)

export const textTable = (builder: StreamsBuilder, topic: string, store: string) =>
  builder.table<string, string>(topic, { ...texts, store })

/** Counts per window of 10 ms, of texts by key. */
export const windowedCounts = (
  builder: StreamsBuilder,
  options: { grace?: number; topic?: string; store?: string } = {},
) =>
  textStream(builder, options.topic)
    .groupByKey()
    .windowedBy(TumblingWindows.of(10).grace(options.grace ?? 0))
    .count({ store: options.store ?? 'w' })
