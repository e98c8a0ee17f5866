import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { readFlights } from '../../src/demo/flights/flight-data.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import { avro, confluentSchemaRegistry } from '../../src/serdes/schema-registry/index.js'
import { KafkaBroker, readBrokerRecord } from '../../src/testing/kafka-broker/index.js'
import { SchemaRegistryServer } from '../../src/testing/schema-registry/index.js'
import type { AirportDelays } from '../../topologies/flights/airport-hours.js'
import { airportDelaysModel, type ExpectedDelays, windowKey } from '../support/airport-delays-model.js'
import { readTopic } from '../support/read-topic.js'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'
import { TopicClient } from '../support/topic-client.js'
import { until } from '../support/until.js'

const WINDOWS = 424_259
const EVERYTHING = ['--exit', '--speed', 'max', '--progress', 'json']
const HALF = 1_500_000

let model: Map<string, ExpectedDelays>

before(async () => {
  model = airportDelaysModel(await readFlights())
  assert.equal(model.size, WINDOWS)
})

const run = async (command: StartCommand): Promise<void> => {
  assert.equal(await command.exited, 0, command.stderr)
}

const recordsProcessed = (command: StartCommand): number => Number(command.summary.recordsProcessed)

/** The last value of each window in the topic, in the shape of the model. */
class LastResults {
  readonly last = new Map<string, ExpectedDelays>()

  take(key: string | null, delays: AirportDelays, timestamp: number): void {
    assert.equal(key, delays.airport)
    this.last.set(windowKey(delays.airport, delays.windowStart), { ...delays, timestamp })
  }

  assertEqualModel(): void {
    assert.equal(this.last.size, WINDOWS)
    for (const [key, expected] of model) assert.deepEqual(this.last.get(key), expected)
  }
}

const assertResultsEqualModel = async (brokers: readonly string[]): Promise<void> => {
  const results = new LastResults()
  await readTopic(brokers, 'airport-delays', ({ key, value, timestamp }) =>
    results.take(key, JSON.parse(value!) as AirportDelays, timestamp),
  )
  results.assertEqualModel()
}

test("every window's last value equals the file's", async (t) => {
  const data = await temporaryData(t)
  await using command = new StartCommand(EVERYTHING, { MILLRACE_DATA: data })
  await run(command)
  assert.equal(command.summary.windows, WINDOWS)
  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  await assertResultsEqualModel(broker.brokers)
})

test("every window's last value equals the file's, as Avro, with two stream threads", async (t) => {
  const data = await temporaryData(t)
  await using command = new StartCommand([...EVERYTHING, '--avro', '--threads', '2'], { MILLRACE_DATA: data })
  await run(command)
  assert.equal(command.summary.windows, WINDOWS)
  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  await using server = await SchemaRegistryServer.start({ dataDir: join(data, 'schema-registry') })
  const topic = 'airport-delays-avro'
  const delays = avro<AirportDelays>({
    registry: confluentSchemaRegistry({ url: server.url }),
    schema: 'latest',
  })
  await delays.open?.([{ topic, part: 'value', access: 'state' }], {})
  const results = new LastResults()
  await readTopic(
    broker.brokers,
    topic,
    ({ key, value, timestamp }) =>
      results.take(key, delays.deserialize(Buffer.from(value!, 'latin1'), 0, value!.length), timestamp),
    'latin1',
  )
  results.assertEqualModel()
})

test("every window's last value equals the file's, with a second worker process", async (t) => {
  const data = await temporaryData(t)
  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  const environment = { MILLRACE_DATA: data, KAFKA_BROKERS: broker.brokers.join() }
  await using first = new StartCommand(EVERYTHING, environment)
  await first.progress(({ recordsProcessed }) => Number(recordsProcessed) > 0)
  await using worker = new StartCommand([...EVERYTHING, '--worker'], environment)
  await Promise.all([run(first), run(worker)])
  assert.ok(recordsProcessed(first) > 0 && recordsProcessed(worker) > 0, 'both have had a part in it')
  await assertResultsEqualModel(broker.brokers)
})

test("every window's last value equals the file's, after everything was killed half-way", async (t) => {
  const data = await temporaryData(t)
  await using killed = new StartCommand(EVERYTHING, { MILLRACE_DATA: data })
  await killed.progress(({ recordsProcessed }) => Number(recordsProcessed) >= HALF)
  const broker = await readBrokerRecord(join(data, 'kafka'))
  killed.kill('SIGKILL')
  process.kill(broker!.pid, 'SIGKILL')
  await killed.exited

  await using restarted = new StartCommand(EVERYTHING, { MILLRACE_DATA: data })
  await run(restarted)
  await using reader = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  await assertResultsEqualModel(reader.brokers)
})

/** Cleans and deletes by its own clock every second, in segments of a megabyte. */
const EAGER_CLEANING = {
  'log.cleaner.backoff.ms': 1000,
  'log.retention.check.interval.ms': 1000,
  'log.initial.task.delay.ms': 0,
  'log.segment.bytes': 1024 * 1024,
}

/** Resolves when the broker has deleted a record of 2001 that nothing protects: so it would others. */
const cleaned = async (brokers: readonly string[]): Promise<void> => {
  await using client = new TopicClient(brokers)
  await client.create('unprotected', 1, { 'retention.ms': '86400000' })
  await client.write('unprotected', [{ key: 'ATL', value: 'gone', timestamp: Date.UTC(2001, 0, 1) }])
  const partitions = [{ topic: 'unprotected', partition: 0 }]
  await until('the old record is deleted', async () => {
    const starts = await listOffsets(client.transport, partitions, 'earliest', 'read_uncommitted')
    return starts.get('unprotected-0') === 1
  })
}

test("every window's last value equals the file's, restored from a broker that deletes what is old", async (t) => {
  const data = await temporaryData(t)
  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka'), properties: EAGER_CLEANING })
  const environment = { MILLRACE_DATA: data, KAFKA_BROKERS: broker.brokers.join() }
  await using first = new StartCommand([...EVERYTHING, '--limit', String(HALF)], environment)
  await run(first)
  await cleaned(broker.brokers)
  await rm(join(data, 'state'), { recursive: true })
  await using second = new StartCommand(EVERYTHING, environment)
  await run(second)
  await assertResultsEqualModel(broker.brokers)
})
