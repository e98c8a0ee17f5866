import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Topology } from '../../src/index.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'

/** A record as its topic has it. */
export interface ExampleRecord {
  readonly topic: string
  readonly key: string | null
  readonly value: string
  /** Epoch milliseconds. */
  readonly timestamp: number
}

/** What an example of Kafka's answers; a character of key and value is a byte. */
export interface ExampleAnswer {
  readonly key: string
  readonly value: string
  readonly timestamp: number
}

/** An example of Kafka's, and our topology of the same. */
export interface KafkaStreamsExample {
  /** Module of `topologies/`. */
  readonly name: string
  /** Class of Kafka's, in `org.apache.kafka.streams.examples`. */
  readonly mainClass: string
}

export const KAFKA_STREAMS_EXAMPLES: readonly KafkaStreamsExample[] = [
  { name: 'word-count', mainClass: 'wordcount.WordCountDemo' },
  { name: 'page-views-by-region', mainClass: 'pageview.PageViewTypedDemo' },
  { name: 'temperature', mainClass: 'temperature.TemperatureDemo' },
]

/** Input and answers of an example; written by write-answers.ts. */
export interface RecordedAnswers {
  readonly input: readonly ExampleRecord[]
  readonly answers: readonly ExampleAnswer[]
}

export const answersFile = (name: string): string =>
  join(packageRoot(), 'test', 'topologies', 'generated', `${name}.json`)

/** Our topology, and what `npm start` publishes for it. */
export const exampleModule = async (name: string) =>
  (await import(pathToFileURL(join(packageRoot(), 'dist', 'topologies', `${name}.js`)).href)) as {
    readonly default: Topology
    readonly demo: { readonly input: readonly ExampleRecord[]; readonly results: { readonly topic: string } }
  }
