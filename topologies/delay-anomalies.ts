import {
  type FixedKeyProcessor,
  type FixedKeyProcessorContext,
  json,
  Stores,
  StreamsBuilder,
  string,
} from 'millrace'
import type { AirportDelays } from './flights/airport-hours.js'
import { allFlights, departureHours } from './flights/departures.js'

/** An hour of an airport whose flights were late, or early, as it is not usual there. */
export interface DelayAnomaly extends AirportDelays {
  /** Mean of the hours before, minutes. */
  readonly usualDelay: number
  /** Standard deviation of the hours before, minutes; 1 at least. */
  readonly deviation: number
  /** How many deviations the hour is from the mean. */
  readonly score: number
}

/** Hours that are compared: a week of them at most, and a day before anything is said. */
const HOURS_KEPT = 7 * 24
const HOURS_NEEDED = 24
/** Hours of fewer flights say little. */
const MIN_FLIGHTS = 5
const MIN_SCORE = 3
/** Minutes: where all hours were alike, a minute is no anomaly. */
const MIN_DEVIATION = 1

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** What is unusual about an hour after those before it; undefined: nothing. */
export function anomalyOf(hour: AirportDelays, before: readonly number[]): DelayAnomaly | undefined {
  if (before.length < HOURS_NEEDED) return undefined
  const usualDelay = mean(before)
  const variance = mean(before.map((delay) => (delay - usualDelay) ** 2))
  const deviation = Math.max(MIN_DEVIATION, Math.sqrt(variance))
  const score = (hour.meanDelay - usualDelay) / deviation
  return Math.abs(score) >= MIN_SCORE ? { ...hour, usualDelay, deviation, score } : undefined
}

/** The mean delays of an airport's hours, the last one at the end. */
const trailing = Stores.keyValue('trailing-delays', { key: string(), value: json<readonly number[]>() })

/** Compares each hour with those before it. */
function anomalies(): FixedKeyProcessor<string, AirportDelays, DelayAnomaly> {
  let context: FixedKeyProcessorContext<DelayAnomaly>
  return {
    init(given) {
      context = given
    },
    process(record) {
      const { key, value: hour } = record
      const store = context.store(trailing)
      const before = store.get(key) ?? []
      const anomaly = anomalyOf(hour, before)
      store.put(key, [...before, hour.meanDelay].slice(-HOURS_KEPT))
      if (anomaly !== undefined) context.forward({ ...record, value: anomaly })
    },
  }
}

const builder = new StreamsBuilder()

/**
 * The hours in which an airport's departures are late as it is not usual there: three standard deviations from the mean of
 * its own hours of a week. Hours are compared when they are over, in their order.
 */
departureHours(allFlights(builder))
  .filter((_, { flights }) => flights >= MIN_FLIGHTS)
  .processValues(anomalies, { stores: [trailing] })
  .to('delay-anomalies', { key: string(), value: json<DelayAnomaly>() })

export default builder.build()

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'delay-anomalies',
  input: 'flights',
  results: {
    topic: 'delay-anomalies',
    key: string(),
    value: json<DelayAnomaly>(),
    fields: (_: string, anomaly: DelayAnomaly) => ({ ...anomaly, anomalies: 1 }),
    title: 'Airports with unusual hours',
    row: 'airport',
    windowStart: 'windowStart',
    lastHours: 7 * 24,
    columns: [
      { title: 'hours', field: 'anomalies', combine: 'sum' },
      { title: 'flights', field: 'flights', combine: 'sum' },
      { title: 'mean delay', field: 'meanDelay', combine: 'mean', weight: 'flights' },
      { title: 'usual delay', field: 'usualDelay', combine: 'mean', weight: 'flights' },
      { title: 'score', field: 'score', combine: 'max' },
    ],
  },
}
