import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../../src/cli/usage-error.js'
import { replayInput } from '../../../src/demo/replay/replay-inputs.js'
import { SAMPLE_PARTITIONS, SampleRecords } from '../../../src/demo/replay/sample-records.js'
import { partitionFor } from '../../../src/kafka/records/partitioner.js'

const record = (topic: string, key: string | null, timestamp: number) => ({
  topic,
  key,
  value: 'v',
  timestamp,
})

const records = [
  record('views', 'ann', 20),
  record('users', 'ann', 10),
  record('views', null, 30),
  record('views', null, 25),
]

test('samples go to their topics: by key as Kafka partitions, in turn without key', () => {
  const source = new SampleRecords(records)
  const places = records.map((_, event) => source.places[source.place(event)]!)
  const ofAnn = partitionFor(Buffer.from('ann'), 0, 3, SAMPLE_PARTITIONS)
  assert.deepEqual(places, [
    { topic: 'views', partition: ofAnn },
    { topic: 'users', partition: ofAnn },
    { topic: 'views', partition: 0 },
    { topic: 'views', partition: 1 },
  ])
})

test('samples become known in their order, whatever their timestamps', () => {
  const source = new SampleRecords(records)
  assert.deepEqual(
    records.map((_, event) => source.arrivalTime(event)),
    [20, 20, 30, 30],
  )
})

test('the topics and the number of samples are known without publishing them', () => {
  const { topics, count } = replayInput(records)
  assert.deepEqual({ topics, count }, { topics: ['views', 'users'], count: 4 })
})

test('recorded events that are not there are refused with the names of those that are', () => {
  assert.throws(
    () => replayInput('trains'),
    (error) =>
      error instanceof UsageError && /no recorded events trains; there are flights$/.test(error.message),
  )
})
