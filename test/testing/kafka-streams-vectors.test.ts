import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { StreamsError } from '../../src/runtime/streams-error.js'
import type { RecordHeaders } from '../../src/serdes/record-headers.js'
import type { TestRecord } from '../../src/testing/test-record.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { InvalidTimestampError } from '../../src/time/timestamp-policies.js'
import { loadVectors, serdeOf, type Vector, type VectorOutput, type VectorStep } from './vector.js'
import { vectorTopologies } from './vector-topologies.js'

function pipe(driver: TopologyTestDriver, vector: Vector, step: VectorStep): void {
  const { key, value } = vector.inputTopics[step.topic]!
  const raw = step.valueHex !== undefined
  const serdes = { key: serdeOf(key), value: serdeOf(raw ? 'bytes' : value) }
  const input = driver.createInputTopic(step.topic, serdes)
  const headers = step.headers?.map(([name, text]) => ({ key: name, value: Buffer.from(text) }))
  input.pipe(step.key, raw ? Buffer.from(step.valueHex!, 'hex') : step.value, {
    timestamp: step.ts,
    ...(headers && { headers }),
  })
}

/** A record as vectors write it. */
function asVector(record: TestRecord<unknown, unknown>, stepIndex: number): VectorOutput {
  const { key, value, timestamp, headers } = record
  const written = { key: flatKey(key), value, ts: timestamp, stepIndex }
  return headers.length === 0 ? written : { ...written, headers: textOf(headers) }
}

function flatKey(key: unknown): unknown {
  if (typeof key !== 'object' || key === null) return key
  const { key: inner, window } = key as { key: unknown; window: object }
  return { key: inner, ...window }
}

const textOf = (headers: RecordHeaders) =>
  headers.map(({ key, value }): [string, string] => [key, String(value)])

/** Runs a vector; gives what each output topic got, and fails unless exactly the expected step failed. */
function run(driver: TopologyTestDriver, vector: Vector): Record<string, VectorOutput[]> {
  const outputs = Object.entries(vector.outputTopics).map(([topic, types]) => ({
    topic: driver.createOutputTopic(topic, { key: serdeOf(types.key), value: serdeOf(types.value) }),
    records: [] as VectorOutput[],
  }))
  for (const [index, step] of vector.steps.entries()) {
    if (index === vector.expectedError?.stepIndex) {
      assert.throws(
        () => pipe(driver, vector, step),
        (error) => error instanceof StreamsError || error instanceof InvalidTimestampError,
      )
      break
    }
    pipe(driver, vector, step)
    for (const { topic, records } of outputs) {
      records.push(...topic.readAll().map((record) => asVector(record, index)))
    }
  }
  return Object.fromEntries(outputs.map(({ topic, records }) => [topic.name, records]))
}

/** Drops that Kafka Streams counts as well: it keeps silent about null keys before a repartition topic. */
function countedDrops(driver: TopologyTestDriver): number {
  let total = 0
  for (const [id, count] of driver.droppedRecords) if (!/-repartition-filter: /.test(id)) total += count
  return total
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** The content of a store as vectors write it. */
async function contentOf(driver: TopologyTestDriver, name: string, type: string): Promise<unknown[]> {
  if (type === 'timestampedKeyValue') {
    const rows = await all(driver.keyValueStore<unknown, unknown>(name).all())
    return rows.map(({ key, value, timestamp }) => ({ key, value, ts: timestamp }))
  }
  const rows = await all(driver.windowStore<string, unknown>(name).all())
  return rows
    .map(({ key, windowStart, value, timestamp }) => ({ key, start: windowStart, value, ts: timestamp }))
    .sort((left, right) => Buffer.from(left.key).compare(Buffer.from(right.key)) || left.start - right.start)
}

describe('as Kafka Streams does', () => {
  for (const vector of loadVectors()) {
    it(vector.name, async () => {
      const builder = new StreamsBuilder()
      vectorTopologies[vector.name]!(builder)
      using driver = new TopologyTestDriver(builder.build())
      assert.deepEqual(run(driver, vector), vector.expected)
      assert.equal(countedDrops(driver), vector.droppedRecordsTotal)
      for (const [name, { type, entries }] of Object.entries(vector.stores)) {
        assert.deepEqual(await contentOf(driver, name, type), entries)
      }
    })
  }
})
