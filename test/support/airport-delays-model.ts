import type { FlightData } from '../../src/demo/flights/flight-data.js'
import type { AirportDelays } from '../../topologies/flights/airport-hours.js'

/** What `airport-delays` must come to, with the timestamp of its record. */
export interface ExpectedDelays extends AirportDelays {
  /** The greatest date of its flights, epoch milliseconds. */
  readonly timestamp: number
}

const HOUR_MS = 3_600_000
const DELAYED_FROM_MINUTES = 15

interface Sums {
  flights: number
  delayed: number
  totalDelay: number
  maxDelay: number
  timestamp: number
}

/** The key of a window in {@link airportDelaysModel}. */
export const windowKey = (airport: string, windowStart: number): string => `${airport}@${windowStart}`

/**
 * The result of every window, computed from the flights themselves, in no stream's order.
 *
 * @param flights numbers of the flights that take part; default all
 * @param airport where a flight counts
 */
export const airportDelaysModel = (
  data: FlightData,
  flights?: Iterable<number>,
  airport: 'origin' | 'destination' = 'origin',
): Map<string, ExpectedDelays> => {
  const sums = new Map<string, Sums>()
  for (const flight of flights ?? Array(data.count).keys()) {
    const date = data.date[flight]!
    const key = windowKey(data.airports[data[airport][flight]!]!, date - (date % HOUR_MS))
    let sum = sums.get(key)
    if (sum === undefined) {
      sum = { flights: 0, delayed: 0, totalDelay: 0, maxDelay: Number.NEGATIVE_INFINITY, timestamp: 0 }
      sums.set(key, sum)
    }
    add(sum, data.delay[flight]!, date)
  }
  return new Map([...sums].map(([key, sum]) => [key, expected(key, sum)]))
}

const add = (sum: Sums, delay: number, date: number): void => {
  sum.flights++
  sum.totalDelay += delay
  if (delay >= DELAYED_FROM_MINUTES) sum.delayed++
  sum.maxDelay = Math.max(sum.maxDelay, delay)
  sum.timestamp = Math.max(sum.timestamp, date)
}

const expected = (key: string, { totalDelay, ...sum }: Sums): ExpectedDelays => {
  const [airport, start] = key.split('@') as [string, string]
  const windowStart = Number(start)
  return {
    airport,
    windowStart,
    windowEnd: windowStart + HOUR_MS,
    ...sum,
    meanDelay: totalDelay / sum.flights,
  }
}
