import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, type Serde, string } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import topology, { type RouteFlights } from '../../topologies/airport-dashboard.js'
import type { AirportDelays, Flight } from '../../topologies/flights/airport-hours.js'

const HOUR_MS = 3_600_000
const START = Date.UTC(2001, 0, 1)

type Route = readonly [origin: string, destination: string, delay: number]

/** All that comes of flights, by hour of the first day, when they are over. */
function outputs(hours: readonly (readonly Route[])[]) {
  using driver = new TopologyTestDriver(topology)
  const flights = driver.createInputTopic('flights', { key: string(), value: json<Flight>() })
  hours.forEach((routes, hour) => {
    const timestamp = START + hour * HOUR_MS
    const date = new Date(timestamp).toISOString()
    for (const [origin, destination, delay] of routes) {
      flights.pipe(origin, { date, delay, distance: 100, origin, destination }, { timestamp })
    }
  })
  driver.drain()
  const read = <V>(topic: string, value: Serde<V>) =>
    driver.createOutputTopic(topic, { key: string(), value }).readKeyValues() as [string, V][]
  return {
    hours: read('airport-hours', json<AirportDelays>()),
    latest: read('latest-airports', json<AirportDelays[]>()),
    routes: read('busiest-routes', json<RouteFlights[]>()),
  }
}

const flights = (count: number, route: Route): Route[] => Array<Route>(count).fill(route)

describe('topologies/airport-dashboard.ts', () => {
  it('gives each hour of an airport once', () => {
    const { hours } = outputs([
      [
        ['SFO', 'LAX', 20],
        ['SFO', 'JFK', 0],
      ],
      [['SFO', 'LAX', 5]],
    ])
    assert.deepEqual(
      hours.map(([airport, { flights: count, delayed, meanDelay }]) => [airport, count, delayed, meanDelay]),
      [
        ['SFO', 2, 1, 10],
        ['SFO', 1, 0, 5],
      ],
    )
  })

  it('gives the latest airports of an hour, of those with some flights', () => {
    const { latest } = outputs([
      [
        ...flights(5, ['SFO', 'LAX', 10]),
        ...flights(6, ['JFK', 'LAX', 30]),
        ...flights(4, ['LAX', 'SFO', 99]),
      ],
    ])
    assert.deepEqual(
      latest.map(([hour, airports]) => [hour, airports.map(({ airport }) => airport)]),
      [['2001-01-01T00:00:00.000Z', ['JFK', 'SFO']]],
    )
  })

  it('gives the ten busiest routes of a day', () => {
    const airports = Array.from({ length: 12 }, (_, number) => `A${10 + number}`)
    const day = airports.flatMap((airport, number) => flights(number + 1, ['SFO', airport, 0]))
    const { routes } = outputs([day.slice(0, 30), day.slice(30)])
    assert.equal(routes.length, 1)
    const [[date, top]] = routes as [[string, RouteFlights[]]]
    assert.equal(date, '2001-01-01')
    assert.deepEqual(
      top.map(({ route, flights: count }) => `${route}: ${count}`),
      airports
        .map((airport, number) => `SFO-${airport}: ${number + 1}`)
        .reverse()
        .slice(0, 10),
    )
  })
})
