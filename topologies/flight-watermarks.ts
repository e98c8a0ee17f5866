import {
  type FixedKeyProcessor,
  type FixedKeyProcessorContext,
  json,
  StreamsBuilder,
  string,
  TumblingWindows,
  Watermarks,
} from 'millrace'
import {
  type AirportDelays,
  airportHour,
  airportHours,
  type Flight,
  type FlightSums,
  noFlights,
  withFlight,
} from './flights/airport-hours.js'

/** Adds the watermark that closed the window: header `millrace-watermark`, epoch milliseconds as text. */
function withWatermark<K, V>(): FixedKeyProcessor<K, V, V> {
  let context: FixedKeyProcessorContext<V>
  return {
    init(given) {
      context = given
    },
    process(record) {
      const watermark = Buffer.from(String(context.currentWatermark))
      context.forward({ ...record, headers: [{ key: 'millrace-watermark', value: watermark }] })
    },
  }
}

const builder = new StreamsBuilder()

/**
 * The arrivals of each airport and hour, told once, when the watermark of every partition has passed the hour. Most flights
 * are known within six hours; those that are not go to a topic of their own.
 */
builder
  .stream('flights', {
    key: string(),
    value: json<Flight>(),
    // Partitions go side by side, so that the slowest does not hold back what is known of the others.
    watermark: Watermarks.boundedOutOfOrderness('6h').withAlignment('flights', '30m'),
  })
  .groupBy((_, flight) => flight.destination, { key: string() })
  .windowedBy(TumblingWindows.of('1h'))
  .emitStrategy('onWindowClose')
  .aggregate(noFlights, withFlight, {
    store: 'arrivals',
    value: json<FlightSums>(),
    late: (flights) =>
      flights.selectKey((_, flight) => flight.origin).to('destination-delays-late', { key: string() }),
  })
  .toStream()
  .map((airportAndHour, sums): [string, AirportDelays] => [
    airportAndHour.key,
    airportHour(airportAndHour, sums),
  ])
  .processValues(() => withWatermark<string, AirportDelays>())
  .to('destination-delays', { key: string(), value: json<AirportDelays>() })

export default builder.build()

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'flight-watermarks',
  input: 'flights',
  results: { topic: 'destination-delays', ...airportHours },
  otherOutputs: ['destination-delays-late'],
}
