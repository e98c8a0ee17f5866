import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { bytes, string, type Topology } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import {
  answersFile,
  type ExampleAnswer,
  exampleModule,
  KAFKA_STREAMS_EXAMPLES,
  type RecordedAnswers,
} from './kafka-streams-example.js'

const asText = (content: Uint8Array | null): string => Buffer.from(content!).toString('latin1')

/** What a topology of ours makes of records, to the byte. */
const answersTo = (topology: Topology, input: RecordedAnswers['input'], output: string): ExampleAnswer[] => {
  using driver = new TopologyTestDriver(topology)
  const results = driver.createOutputTopic(output, { key: bytes(), value: bytes() })
  for (const { topic, key, value, timestamp } of input) {
    driver.createInputTopic(topic, { key: string(), value: string() }).pipe(key, value, { timestamp })
  }
  return results
    .readAll()
    .map(({ key, value, timestamp }) => ({ key: asText(key), value: asText(value), timestamp }))
}

for (const { name, mainClass } of KAFKA_STREAMS_EXAMPLES) {
  describe(`topologies/${name}.ts`, async () => {
    const { default: topology, demo } = await exampleModule(name)
    const recorded = JSON.parse(readFileSync(answersFile(name), 'utf8')) as RecordedAnswers

    test(`answers as Kafka's ${mainClass}`, () => {
      assert.ok(recorded.answers.length > 0)
      assert.deepEqual(answersTo(topology, recorded.input, demo.results.topic), recorded.answers)
    })

    test('publishes what the answers are to; else run test/topologies/write-answers.ts', () => {
      assert.deepEqual(demo.input, recorded.input)
    })
  })
}
