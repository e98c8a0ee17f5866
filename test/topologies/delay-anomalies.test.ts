import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, string } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import topology, { anomalyOf, type DelayAnomaly } from '../../topologies/delay-anomalies.js'
import type { Flight } from '../../topologies/flights/airport-hours.js'

const HOUR_MS = 3_600_000
const START = Date.UTC(2001, 0, 1)

/** Runs hours of an airport, each with the delays of its flights; gives the anomalies when all is over. */
function anomaliesOf(hours: readonly (readonly number[])[]): DelayAnomaly[] {
  using driver = new TopologyTestDriver(topology)
  const flights = driver.createInputTopic('flights', { key: string(), value: json<Flight>() })
  hours.forEach((delays, hour) => {
    const timestamp = START + hour * HOUR_MS
    const date = new Date(timestamp).toISOString()
    for (const delay of delays) {
      flights.pipe('SFO', { date, delay, distance: 100, origin: 'SFO', destination: 'LAX' }, { timestamp })
    }
  })
  driver.drain()
  const out = driver.createOutputTopic('delay-anomalies', { key: string(), value: json<DelayAnomaly>() })
  return out.readAll().map(({ value }) => value!)
}

const flights = (count: number, delay: number): number[] => Array<number>(count).fill(delay)
/** Days on which hours are 8 and 12 minutes late in turn: 10 is usual, with a deviation of 2. */
const usual = (hours: number): number[][] =>
  Array.from({ length: hours }, (_, hour) => flights(5, 8 + (hour % 2) * 4))

describe('topologies/delay-anomalies.ts', () => {
  it('tells of an hour that is three deviations from those before it', () => {
    const [anomaly, ...others] = anomaliesOf([...usual(24), flights(6, 16), ...usual(5)])
    assert.deepEqual(others, [])
    const { airport, windowStart, flights: count, meanDelay, usualDelay, deviation, score } = anomaly!
    assert.deepEqual([airport, windowStart, count], ['SFO', START + 24 * HOUR_MS, 6])
    assert.deepEqual([meanDelay, usualDelay, deviation, score], [16, 10, 2, 3])
  })

  it('says nothing before a day of hours is known, nor of hours with few flights', () => {
    assert.deepEqual(anomaliesOf([...usual(23), flights(6, 60)]), [])
    assert.deepEqual(anomaliesOf([...usual(24), flights(4, 60)]), [])
  })

  it('compares with a week of hours', () => {
    const other = Array.from({ length: 50 }, () => flights(5, 500))
    const anomaly = anomaliesOf([...other, ...usual(168), flights(5, -5)]).at(-1)
    assert.equal(anomaly!.usualDelay, 10)
    assert.equal(anomaly!.score, -7.5)
  })

  it('takes a minute for the least deviation, where all hours were alike', () => {
    const hour = {
      airport: 'SFO',
      windowStart: 0,
      windowEnd: 1,
      flights: 9,
      delayed: 0,
      meanDelay: 2,
      maxDelay: 2,
    }
    const before = Array<number>(24).fill(0)
    assert.equal(anomalyOf(hour, before), undefined)
    assert.equal(anomalyOf({ ...hour, meanDelay: 3 }, before)!.score, 3)
  })
})
