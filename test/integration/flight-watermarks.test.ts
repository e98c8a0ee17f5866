import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { type FlightData, readFlights } from '../../src/demo/flights/flight-data.js'
import { reportOrder } from '../../src/demo/flights/report-order.js'
import { KafkaBroker, readBrokerRecord } from '../../src/testing/kafka-broker/index.js'
import type { AirportDelays, Flight } from '../../topologies/flights/airport-hours.js'
import { airportDelaysModel, windowKey } from '../support/airport-delays-model.js'
import { readTopic } from '../support/read-topic.js'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'

const EVERYTHING = ['flight-watermarks', '--exit', '--speed', 'max', '--progress', 'json']
const HALF = 1_500_000
const HOUR = 3_600_000
const OUT_OF_ORDERNESS = 6 * HOUR
/** The greatest date that a watermark can tell: behind it there is only the end of the input. */
const LAST = Date.UTC(2001, 6, 2)

/** What tells a flight from others, but not from its twins. */
type Identity = string

const identityOf = ({ origin, destination, date, delay, distance }: Flight): Identity =>
  `${origin} ${destination} ${Date.parse(date)} ${delay} ${distance}`

const identityIn = (data: FlightData, flight: number): Identity => {
  const { airports, origin, destination, date, delay, distance } = data
  const places = `${airports[origin[flight]!]} ${airports[destination[flight]!]}`
  return `${places} ${date[flight]} ${delay[flight]} ${distance[flight]}`
}

const counted = (identities: Iterable<Identity>): Map<Identity, number> => {
  const counts = new Map<Identity, number>()
  for (const identity of identities) counts.set(identity, (counts.get(identity) ?? 0) + 1)
  return counts
}

/** The flights that can be late at all: their hour was over, and six more, for one that was reported before. */
function* lateable(data: FlightData): Iterable<Identity> {
  let greatest = 0
  for (const flight of reportOrder(data)) {
    const date = data.date[flight]!
    if (date - (date % HOUR) + HOUR + OUT_OF_ORDERNESS <= greatest) yield identityIn(data, flight)
    greatest = Math.max(greatest, date)
  }
}

/** Takes late flights off all there are. */
function* inTime(data: FlightData, late: Map<Identity, number>): Iterable<number> {
  for (let flight = 0; flight < data.count; flight++) {
    const identity = identityIn(data, flight)
    const left = late.get(identity) ?? 0
    if (left === 0) yield flight
    else late.set(identity, left - 1)
  }
}

const lateFlights = async (brokers: readonly string[]): Promise<Identity[]> => {
  const late: Identity[] = []
  await readTopic(brokers, 'destination-delays-late', ({ key, value, timestamp }) => {
    const flight = JSON.parse(value!) as Flight
    assert.equal(key, flight.origin)
    assert.equal(timestamp, Date.parse(flight.date))
    late.push(identityOf(flight))
  })
  return late
}

interface Result {
  readonly delays: AirportDelays
  readonly timestamp: number
}

/** The one result of each window, told in order of time in each partition. */
const results = async (brokers: readonly string[]): Promise<Map<string, Result>> => {
  const windows = new Map<string, Result>()
  const ends = new Map<number, number>()
  const watermarks = new Map<number, number>()
  let atTheEnd = 0
  await readTopic(brokers, 'destination-delays', ({ key, value, timestamp, partition, headers }) => {
    const delays = JSON.parse(value!) as AirportDelays
    const id = windowKey(delays.airport, delays.windowStart)
    assert.equal(key, delays.airport)
    assert.ok(!windows.has(id), `${id} has one result`)
    windows.set(id, { delays, timestamp })
    const watermark = Number(headers.find(({ key: name }) => name === 'millrace-watermark')!.value)
    assert.ok(watermark >= delays.windowEnd - 1)
    assert.ok(watermark >= (watermarks.get(partition) ?? 0))
    watermarks.set(partition, watermark)
    assert.ok(delays.windowEnd >= (ends.get(partition) ?? 0), 'windows close in order')
    ends.set(partition, delays.windowEnd)
    if (watermark > LAST) atTheEnd++
  })
  assert.ok(atTheEnd < windows.size / 20, `${atTheEnd} of ${windows.size} windows closed at the end`)
  return windows
}

const assertEveryFlightIsThere = async (brokers: readonly string[]): Promise<void> => {
  const data = await readFlights()
  const late = await lateFlights(brokers)
  const possible = counted(lateable(data))
  for (const [identity, count] of counted(late)) assert.ok(count <= (possible.get(identity) ?? 0), identity)
  const windows = await results(brokers)
  const model = airportDelaysModel(data, inTime(data, counted(late)), 'destination')
  assert.equal(windows.size, model.size)
  for (const [id, expected] of model) {
    const { delays, timestamp } = windows.get(id)!
    assert.deepEqual({ ...delays, timestamp }, expected)
  }
}

test('every flight is in its one result or late, with two worker processes', async (t) => {
  const data = await temporaryData(t)
  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  const environment = { MILLRACE_DATA: data, KAFKA_BROKERS: broker.brokers.join() }
  await using first = new StartCommand(EVERYTHING, environment)
  await first.progress(({ recordsProcessed }) => Number(recordsProcessed) > 0)
  await using worker = new StartCommand([...EVERYTHING, '--worker'], environment)
  assert.deepEqual(await Promise.all([first.exited, worker.exited]), [0, 0], first.stderr + worker.stderr)
  assert.ok(Number(worker.summary.recordsProcessed) > 0, 'both have had a part in it')
  await assertEveryFlightIsThere(broker.brokers)
})

test('every flight is in its one result or late, after everything was killed half-way', async (t) => {
  const data = await temporaryData(t)
  await using killed = new StartCommand(EVERYTHING, { MILLRACE_DATA: data })
  await killed.progress(({ recordsProcessed }) => Number(recordsProcessed) >= HALF)
  const broker = await readBrokerRecord(join(data, 'kafka'))
  killed.kill('SIGKILL')
  process.kill(broker!.pid, 'SIGKILL')
  await killed.exited

  await using restarted = new StartCommand(EVERYTHING, { MILLRACE_DATA: data })
  assert.equal(await restarted.exited, 0, restarted.stderr)
  await using reader = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  await assertEveryFlightIsThere(reader.brokers)
})
