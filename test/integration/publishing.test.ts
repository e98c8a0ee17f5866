import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type FlightData, readFlights } from '../../src/demo/flights/flight-data.js'
import { FlightReports } from '../../src/demo/flights/flight-reports.js'
import { ForeignRecordsError, Publisher, type PublisherOptions } from '../../src/demo/replay/publisher.js'
import type { ReplaySource } from '../../src/demo/replay/replay-source.js'
import { Admin } from '../../src/kafka/admin/admin.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { testBroker } from '../support/broker.js'
import { readTopic } from '../support/read-topic.js'
import { uniqueName } from '../support/unique-name.js'

const NEVER = new AbortController().signal
const EVENTS = 50_000

let flights: FlightData

before(async () => {
  flights = await readFlights()
})

/** The first flights under a topic of the test's own. */
const sourceFor = (topic: string): ReplaySource => {
  const reports = new FlightReports(flights)
  return {
    places: reports.places.map(({ partition }) => ({ topic, partition })),
    count: EVENTS,
    arrivalTime: (event) => reports.arrivalTime(event),
    place: (event) => reports.place(event),
    append: (event, batch) => reports.append(event, batch),
  }
}

/** One run of a publisher, as a process that starts and ends would do it. */
const publish = async (
  brokers: readonly string[],
  source: ReplaySource,
  options: PublisherOptions,
  signal = NEVER,
): Promise<number> => {
  const transport = new KafkaJsTransport({ brokers })
  const producer = new Producer(transport)
  try {
    const ends = await listOffsets(transport, source.places, 'latest', 'read_uncommitted')
    await producer.init()
    const endOffsets = source.places.map(
      ({ topic, partition }) => ends.get(topicPartitionKey(topic, partition))!,
    )
    const publisher = new Publisher(source, producer, endOffsets, options)
    await publisher.run(signal)
    return publisher.published
  } finally {
    producer.close()
    await transport.close()
  }
}

const withTopic = async (action: (brokers: readonly string[], source: ReplaySource) => Promise<void>) => {
  await using broker = await testBroker()
  const transport = new KafkaJsTransport({ brokers: broker.brokers })
  const topic = uniqueName('flights')
  const source = sourceFor(topic)
  try {
    await new Admin(transport).createTopics([
      { topic, partitions: source.places.length, configs: { 'retention.ms': '-1' } },
    ])
    await action(broker.brokers, source)
  } finally {
    await transport.close()
  }
}

test('publishing in several runs gives each partition its events once, in order', async () => {
  await withTopic(async (brokers, source) => {
    assert.equal(await publish(brokers, source, { speed: 'max', limit: 10_000 }), 10_000)
    assert.equal(await publish(brokers, source, { speed: 'max', limit: 5_000 }), 10_000)
    const stop = new AbortController()
    const stopping: ReplaySource = {
      ...source,
      append: (event, batch) => {
        if (event === 20_000) stop.abort()
        source.append(event, batch)
      },
    }
    const stopped = await publish(brokers, stopping, { speed: 'max' }, stop.signal)
    assert.ok(stopped > 20_000 && stopped < EVENTS)
    assert.equal(await publish(brokers, source, { speed: 'max' }), EVENTS)

    const expected: string[][] = source.places.map(() => [])
    const order = new FlightReports(flights)
    for (let event = 0; event < EVENTS; event++) {
      expected[source.place(event)]!.push(String(order.arrivalTime(event)))
    }
    const present: string[][] = expected.map(() => [])
    await readTopic(brokers, source.places[0]!.topic, ({ partition, value, timestamp }) => {
      const flight = JSON.parse(value!) as { readonly date: string; readonly delay: number }
      assert.equal(Date.parse(flight.date), timestamp)
      present[partition]!.push(String(timestamp + flight.delay * 60_000))
    })
    assert.deepEqual(present, expected)
  })
})

test('a topic that others have written to is refused', async () => {
  await withTopic(async (brokers, source) => {
    const [first] = Array.from({ length: source.count }, (_, event) => event).filter(
      (event) => source.place(event) === 0,
    )
    const shorter: ReplaySource = { ...source, count: first! + 1 }
    await publish(brokers, source, { speed: 'max', limit: 1_000 })
    await assert.rejects(publish(brokers, shorter, { speed: 'max' }), ForeignRecordsError)
  })
})
