import { json, StreamsBuilder, string, TumblingWindows } from 'millrace'
import {
  type AirportDelays,
  airportHour,
  airportHours,
  type Flight,
  type FlightSums,
  hourFigures,
  noFlights,
  withFlight,
} from './flights/airport-hours.js'

const builder = new StreamsBuilder()

/** The departures of each airport and hour, counted as they become known. */
builder
  .stream('flights', { key: string(), value: json<Flight>() })
  .groupByKey()
  // A flight is known when it has left: the worst one 28 hours after its date.
  .windowedBy(TumblingWindows.of('1h').grace('36h'))
  .aggregate(noFlights, withFlight, { store: 'departures', value: json<FlightSums>() })
  .toStream()
  .map((airportAndHour, sums): [string, AirportDelays] => [
    airportAndHour.key,
    airportHour(airportAndHour, sums),
  ])
  .to('airport-delays', { key: string(), value: json<AirportDelays>() })

export default builder.build()

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'airport-delays',
  input: 'flights',
  results: { topic: 'airport-delays', ...airportHours },
  feed: { store: 'departures', show: hourFigures },
}
