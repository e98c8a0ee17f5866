import {
  int32,
  json,
  type KStream,
  type KTable,
  type Processor,
  type ProcessorRecord,
  StreamsBuilder,
  string,
  type Topology,
  type Windowed,
} from 'millrace'
import { type TopicSerdes, TopologyTestDriver } from 'millrace/testing'
import { timeText, valueText } from '../../../docs/generator/text.js'
import { matches } from '../../../src/topology/matched-topics.js'

/** A flight: where it goes, and how many minutes it is late. */
export interface Flight {
  to: string
  delay: number
}

/** An airport. */
export interface Airport {
  city: string
  runways: number
}

/** What customers have ordered and paid. */
export interface Account {
  ordered: number
  paid: number
}

// biome-ignore lint/suspicious/noExplicitAny: the examples have streams and topics of many types.
type Any = any

const MINUTE = 60_000
const texts = { key: string(), value: string() }
const numbers = { key: string(), value: int32() }

/** The records that every example reads, by topic: key, value, minutes since the epoch. */
const RECORDS: readonly (readonly [topic: string, key: string, value: unknown, minute: number])[] = [
  ['airports', 'JFK', { city: 'New York', runways: 4 }, 0],
  ['airports', 'LGA', { city: 'New York', runways: 2 }, 0],
  ['airports', 'SFO', { city: 'San Francisco', runways: 4 }, 0],
  ['pages', 'home', 'Home', 0],
  ['pages', 'cart', 'Your cart', 0],
  ['flights', 'SFO', { to: 'JFK', delay: 20 }, 0],
  ['clicks', 'ann', 'home', 0],
  ['orders', 'ann', 30, 1],
  ['payments', 'ann', 10, 2],
  ['arrivals-de', 'BER', 'LH1', 3],
  ['arrivals-fr', 'CDG', 'AF1', 4],
  ['clicks', 'ann', 'cart', 5],
  ['flights', 'LGA', { to: 'JFK', delay: 0 }, 10],
  ['clicks', 'bob', 'home', 20],
  ['flights', 'SFO', { to: 'LGA', delay: 45 }, 50],
  ['clicks', 'ann', 'home', 60],
  ['flights', 'LGA', { to: 'SFO', delay: 5 }, 80],
]

const SERDES: Readonly<Record<string, TopicSerdes<Any, Any>>> = {
  airports: { key: string(), value: json() },
  flights: { key: string(), value: json() },
  pages: texts,
  clicks: texts,
  orders: numbers,
  payments: numbers,
  'arrivals-de': texts,
  'arrivals-fr': texts,
}

const keyText = (key: unknown): string => {
  if (typeof key !== 'object' || key === null || !('window' in key)) return valueText(key)
  const { key: inner, window } = key as Windowed<unknown>
  const end = window.end === Number.MAX_SAFE_INTEGER ? '...' : timeText(window.end)
  return `${valueText(inner)} ${timeText(window.start)}-${end}`
}

const line = (key: unknown, value: unknown): string => `${keyText(key)}: ${valueText(value)}`

const reads = (topology: Topology, topic: string): boolean =>
  [...topology.globals, ...topology.subTopologies].some(({ nodes }) =>
    nodes.some(
      (node) =>
        node.kind === 'source' &&
        (node.topics.includes(topic) || (node.pattern !== undefined && matches(node.pattern, topic))),
    ),
  )

/** Runs a topology on the records. */
function run(topology: Topology): TopologyTestDriver {
  const driver = new TopologyTestDriver(topology)
  for (const [topic, key, value, minute] of RECORDS) {
    if (!reads(topology, topic)) continue
    driver.createInputTopic(topic, SERDES[topic]!).pipe(key, value, { timestamp: minute * MINUTE })
  }
  return driver
}

/** What the examples in doc comments can use. */
export function setting() {
  const builder = new StreamsBuilder()

  /** Has a stream, or the changes of a table, write its records as lines. */
  const linesOf = (source: KStream<Any, Any, Any> | KTable<Any, Any, Any>): string[] => {
    const lines: string[] = []
    const stream: KStream<Any, Any, Any> = 'toStream' in source ? source.toStream() : source
    stream.process(
      (): Processor<unknown, unknown, unknown, unknown> => ({
        process({ key, value }: ProcessorRecord<unknown, unknown>) {
          lines.push(line(key, value))
        },
      }),
    )
    return lines
  }

  /** The records of a stream, or the changes of a table, as lines: `SFO: 20`, and `SFO 0s-1h: 20` of a window. */
  const results = (source: KStream<Any, Any, Any> | KTable<Any, Any, Any>): string[] => {
    const lines = linesOf(source)
    run(builder.build()).close()
    return lines
  }

  /** As `results`, once all calls of asynchronous operators are answered. */
  const answered = async (source: KStream<Any, Any, Any>): Promise<string[]> => {
    const lines = linesOf(source)
    using driver = run(builder.build())
    await driver.answered()
    return lines
  }

  /** The records that a topology writes to a topic, as lines. */
  const sent = (topology: Topology, topic: string, serdes: TopicSerdes<Any, Any>): string[] => {
    using driver = run(topology)
    return driver
      .createOutputTopic(topic, serdes)
      .readKeyValues()
      .map(([key, value]) => line(key, value))
  }

  return {
    builder,
    flights: builder.stream('flights', { key: string(), value: json<Flight>() }),
    airports: builder.table('airports', { key: string(), value: json<Airport>(), store: 'airports' }),
    clicks: builder.stream('clicks', texts),
    orders: builder.stream('orders', numbers),
    payments: builder.stream('payments', numbers),
    results,
    answered,
    sent,
  }
}
