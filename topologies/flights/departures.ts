import { json, type KStream, type StreamsBuilder, string, TumblingWindows, Watermarks } from 'millrace'
import {
  type AirportDelays,
  airportHour,
  type Flight,
  type FlightSums,
  noFlights,
  withFlight,
} from './airport-hours.js'

/** The flights, none of which is late. */
export const allFlights = (builder: StreamsBuilder): KStream<string, Flight> =>
  builder.stream('flights', {
    key: string(),
    value: json<Flight>(),
    // A flight is known when it has left: the worst one 28 hours after its date.
    watermark: Watermarks.boundedOutOfOrderness('36h'),
  })

/** The departures of each airport and hour, once, when the hour is over. */
export const departureHours = (flights: KStream<string, Flight>): KStream<string, AirportDelays, never> =>
  flights
    .groupByKey()
    .windowedBy(TumblingWindows.of('1h'))
    .emitStrategy('onWindowClose')
    .aggregate(noFlights, withFlight, { store: 'departures', value: json<FlightSums>() })
    .toStream()
    .map((airportAndHour, sums): [string, AirportDelays] => [
      airportAndHour.key,
      airportHour(airportAndHour, sums),
    ])
