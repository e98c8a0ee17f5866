import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type FlightData, readFlights } from '../../../src/demo/flights/flight-data.js'
import { FlightReports } from '../../../src/demo/flights/flight-reports.js'
import { reportOrder, reportTime } from '../../../src/demo/flights/report-order.js'
import { partitionFor } from '../../../src/kafka/records/partitioner.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'

const HOUR_MS = 3_600_000

describe('the flights of 2001', () => {
  let flights: FlightData

  before(async () => {
    flights = await readFlights()
  })

  test('are three million, on 229 airports', () => {
    assert.equal(flights.count, 3_000_000)
    assert.equal(flights.airports.length, 229)
  })

  test('are reported in order of date plus delay, ties in the order of the file', () => {
    const order = reportOrder(flights)
    assert.equal(new Set(order).size, flights.count)
    for (let place = 1; place < order.length; place++) {
      const before = reportTime(flights, order[place - 1]!)
      const now = reportTime(flights, order[place]!)
      assert.ok(before < now || (before === now && order[place - 1]! < order[place]!))
    }
  })

  test('are out of order as the issue says: 98 % behind an earlier one, 13 % by an hour, 0.8 % by six, one by 28', () => {
    let newest = 0
    const lateness = { behind: 0, hour: 0, sixHours: 0, worst: 0 }
    for (const flight of reportOrder(flights)) {
      const late = newest - flights.date[flight]!
      if (late > 0) lateness.behind++
      if (late > HOUR_MS) lateness.hour++
      if (late > 6 * HOUR_MS) lateness.sixHours++
      lateness.worst = Math.max(lateness.worst, late)
      newest = Math.max(newest, flights.date[flight]!)
    }
    assert.equal(Math.round((lateness.behind / flights.count) * 100), 98)
    assert.equal(Math.round((lateness.hour / flights.count) * 100), 13)
    assert.equal(Math.round((lateness.sixHours / flights.count) * 1000), 8)
    assert.equal(Math.round(lateness.worst / HOUR_MS), 28)
  })

  test('become records: keyed by origin, stamped with the date, JSON in the order of the fields', () => {
    const reports = new FlightReports(flights)
    const order = reportOrder(flights)
    const cursor = new RecordCursor()
    for (const event of [0, 1, 1_234_567, 2_999_999]) {
      const flight = order[event]!
      const origin = flights.airports[flights.origin[flight]!]!
      const batch = new RecordBatchBuilder()
      reports.append(event, batch)
      const buffer = batch.seal(-1, -1, -1, false)
      cursor.open({
        topic: 'flights',
        partition: 0,
        buffer,
        start: 0,
        end: buffer.length,
        fetchOffset: 0,
        abortedTransactions: [],
        highWatermark: 1,
        lastStableOffset: 1,
        logStartOffset: 0,
        arrivedAt: 0,
        release: () => {},
      })
      assert.ok(cursor.next())
      const date = flights.date[flight]!
      assert.equal(cursor.timestamp, date)
      assert.equal(cursor.buffer.toString('utf8', cursor.keyStart, cursor.keyEnd), origin)
      assert.equal(
        cursor.buffer.toString('utf8', cursor.valueStart, cursor.valueEnd),
        JSON.stringify({
          date: new Date(date).toISOString(),
          delay: flights.delay[flight],
          distance: flights.distance[flight],
          origin,
          destination: flights.airports[flights.destination[flight]!],
        }),
      )
      assert.equal(reports.place(event), partitionFor(Buffer.from(origin), 0, 3, 4))
      assert.equal(reports.arrivalTime(event), reportTime(flights, flight))
    }
  })
})
