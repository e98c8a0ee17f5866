import assert from 'node:assert/strict'
import {
  type KafkaStreamsOptions,
  StreamsBuilder,
  string,
  type Topology,
  TumblingWindows,
} from '../../src/index.js'
import { TestApplication } from './test-application.js'
import type { TextRecord } from './topic-client.js'

/** Counts records per key and writes every count (with `cacheMaxBytes: 0`): 1, 2, 3, ... for each key. */
export function countingTopology(
  input: string,
  output: string,
  check: (value: string) => void = () => {},
): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string(), name: 'read' })
    .peek((_, value) => check(value), { name: 'check' })
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .mapValues(String)
    .to(output, { value: string() })
  return builder.build()
}

/** As `countingTopology`; beside it counts by key and second of event time, in a window store. */
export function keysAndWindowsTopology(input: string, output: string): Topology {
  const builder = new StreamsBuilder()
  const records = builder.stream(input, { key: string(), value: string() }).groupByKey()
  records.count({ store: 'counts' }).toStream().mapValues(String).to(output, { value: string() })
  records.windowedBy(TumblingWindows.of('1s')).count({ store: 'seconds' })
  return builder.build()
}

/** An application that counts, with an input of several partitions and an output of one. */
export async function countingApplication(
  options: Partial<KafkaStreamsOptions> = {},
  { partitions = 2, brokers }: { partitions?: number; brokers?: readonly string[] } = {},
) {
  const app = await TestApplication.create({ cacheMaxBytes: 0, ...options }, brokers)
  const input = await app.topic('input', partitions)
  const output = await app.topic('output', 1)
  return { app, input, output, topology: countingTopology(input, output) }
}

/** Records of `keys` keys in turn, numbered from `from`. */
export function numbered(count: number, { keys = 10, from = 0 } = {}): TextRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    key: `key${(from + at) % keys}`,
    value: String(from + at),
    timestamp: 1_000 + from + at,
  }))
}

/** Asserts that each key was counted from 1 to its number of records, in order, each count once. */
export async function assertCounted(
  app: TestApplication,
  output: string,
  records: readonly TextRecord[],
): Promise<void> {
  assert.deepEqual(sorted(await app.valuesByKey(output)), sorted(countsOf(records)))
}

/** Asserts that the same records were counted twice, each time from 1: before and after the application was reset. */
export async function assertCountedAnew(
  app: TestApplication,
  output: string,
  records: readonly TextRecord[],
): Promise<void> {
  const twice = new Map([...countsOf(records)].map(([key, counts]) => [key, [...counts, ...counts]]))
  assert.deepEqual(sorted(await app.valuesByKey(output)), sorted(twice))
}

const countsOf = (records: readonly TextRecord[]): Map<string, string[]> => {
  const counted = new Map<string, string[]>()
  for (const { key } of records) {
    const counts = counted.get(key!) ?? []
    counts.push(String(counts.length + 1))
    counted.set(key!, counts)
  }
  return counted
}

const sorted = (map: ReadonlyMap<string, string[]>): [string, string[]][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))
