import { json, StreamsBuilder, string, TumblingWindows } from 'millrace'

/** A flight as it is reported, in topic `flights`, keyed by its origin. The record's timestamp is `date`. */
export interface Flight {
  readonly date: string
  /** Minutes. */
  readonly delay: number
  /** Miles. */
  readonly distance: number
  readonly origin: string
  readonly destination: string
}

/** What an airport's departures of one hour were like; in topic `airport-delays`, keyed by the airport. */
export interface AirportDelays {
  readonly airport: string
  /** Epoch milliseconds. */
  readonly windowStart: number
  readonly windowEnd: number
  readonly flights: number
  /** Flights that left 15 minutes late or later. */
  readonly delayed: number
  /** Minutes. */
  readonly meanDelay: number
  readonly maxDelay: number
}

interface Departures {
  readonly flights: number
  readonly delayed: number
  readonly totalDelay: number
  readonly maxDelay: number
}

const DELAYED_FROM_MINUTES = 15

const none: Departures = { flights: 0, delayed: 0, totalDelay: 0, maxDelay: Number.MIN_SAFE_INTEGER }

const builder = new StreamsBuilder()

builder
  .stream('flights', { key: string(), value: json<Flight>() })
  .groupByKey()
  // A flight is known when it has left: the worst one 28 hours after its date.
  .windowedBy(TumblingWindows.of('1h').grace('36h'))
  .aggregate(
    () => none,
    (_, { delay }, departures) => ({
      flights: departures.flights + 1,
      delayed: departures.delayed + (delay >= DELAYED_FROM_MINUTES ? 1 : 0),
      totalDelay: departures.totalDelay + delay,
      maxDelay: Math.max(departures.maxDelay, delay),
    }),
    { store: 'departures', value: json<Departures>() },
  )
  .toStream()
  .map(({ key, window }, { flights, delayed, totalDelay, maxDelay }): [string, AirportDelays] => [
    key,
    {
      airport: key,
      windowStart: window.start,
      windowEnd: window.end,
      flights,
      delayed,
      meanDelay: totalDelay / flights,
      maxDelay,
    },
  ])
  .to('airport-delays', { key: string(), value: json<AirportDelays>() })

export default builder.build()

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'airport-delays',
  input: 'flights',
  results: {
    topic: 'airport-delays',
    key: string(),
    value: json<AirportDelays>(),
    fields: (_: string, delays: AirportDelays) => delays,
    title: 'Busiest airports',
    row: 'airport',
    windowStart: 'windowStart',
    lastHours: 24,
    columns: [
      { title: 'flights', field: 'flights', combine: 'sum' },
      { title: 'delayed', field: 'delayed', combine: 'sum' },
      { title: 'mean delay', field: 'meanDelay', combine: 'mean', weight: 'flights' },
      { title: 'worst delay', field: 'maxDelay', combine: 'max' },
    ],
  },
}
