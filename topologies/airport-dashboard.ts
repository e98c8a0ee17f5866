import { Aggregators, int64, json, StreamsBuilder, string, TumblingWindows } from 'millrace'
import { type AirportDelays, airportHours, type Flight } from './flights/airport-hours.js'
import { allFlights, departureHours } from './flights/departures.js'

/** How many flights there were from one airport to another on a day. */
export interface RouteFlights {
  readonly route: string
  readonly flights: number
}

const TOP = 10
/** The mean of fewer flights says little. */
const MIN_FLIGHTS = 5

const time = (timestamp: number): string => new Date(timestamp).toISOString()

const builder = new StreamsBuilder()

const flights = allFlights(builder)

/** The departures of each airport and hour, once, when the hour is over. */
const hours = departureHours(flights)
hours.to('airport-hours', { key: string(), value: json() })

/** The ten airports of each hour whose departures were the latest, keyed by the hour. */
hours
  .filter((_, { flights }) => flights >= MIN_FLIGHTS)
  .groupBy((_, { windowStart }) => time(windowStart), { key: string(), value: json<AirportDelays>() })
  .windowedBy(TumblingWindows.of('1h'))
  .emitStrategy('onWindowClose')
  .aggregate(Aggregators.topN({ n: TOP, by: ({ meanDelay }: AirportDelays) => meanDelay, value: json() }), {
    store: 'latest-airports',
  })
  .toStream(({ key }) => key)
  .to('latest-airports', { key: string(), value: json() })

/** The ten routes of each day with the most flights, keyed by the day. */
flights
  .groupBy((_, { origin, destination }) => `${origin}-${destination}`, {
    key: string(),
    value: json<Flight>(),
  })
  .windowedBy(TumblingWindows.of('1d'))
  .emitStrategy('onWindowClose')
  .count({ store: 'flights-of-routes', value: int64() })
  .toStream()
  .map(({ key, window }, count): [string, RouteFlights] => [
    time(window.start).slice(0, 10),
    { route: key, flights: count },
  ])
  .groupByKey({ key: string(), value: json<RouteFlights>() })
  .windowedBy(TumblingWindows.of('1d'))
  .emitStrategy('onWindowClose')
  .aggregate(Aggregators.topN({ n: TOP, by: ({ flights }: RouteFlights) => flights, value: json() }), {
    store: 'busiest-routes',
  })
  .toStream(({ key }) => key)
  .to('busiest-routes', { key: string(), value: json() })

export default builder.build()

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'airport-dashboard',
  input: 'flights',
  otherOutputs: ['latest-airports', 'busiest-routes'],
  results: { topic: 'airport-hours', ...airportHours },
}
