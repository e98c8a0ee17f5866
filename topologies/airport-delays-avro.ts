import { StreamsBuilder, string, TumblingWindows } from 'millrace'
import { avro, confluentSchemaRegistry } from 'millrace/schema-registry'
import { airportHour, airportHours, hourFigures, noFlights, withFlight } from './flights/airport-hours.js'
import { airportDelaysSchema, flightSchema, flightSumsSchema } from './flights/flight-schemas.js'

const registry = confluentSchemaRegistry({
  url: process.env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:8081',
})
/** A demonstration registers what it needs; in production somebody does before (`millrace schema register`). */
const register = 'at-start'
const flight = avro({ registry, register, schema: flightSchema })
const airportDelays = avro({ registry, register, schema: airportDelaysSchema })

const builder = new StreamsBuilder()

/** As `airport-delays`: flights, sums and results travel as Avro, with their schemas in a registry. */
builder
  .stream('flights-avro', { key: string(), value: flight })
  .groupByKey()
  .windowedBy(TumblingWindows.of('1h').grace('36h'))
  .aggregate(noFlights, withFlight, {
    store: 'departures',
    value: avro({ registry, register, schema: flightSumsSchema }),
  })
  .toStream()
  .map((airportAndHour, sums) => [airportAndHour.key, airportHour(airportAndHour, sums)])
  .to('airport-delays-avro', { key: string(), value: airportDelays })

export default builder.build()

export const demo = {
  applicationId: 'airport-delays-avro',
  input: 'flights',
  inputAs: { topic: 'flights-avro', value: flight },
  results: { topic: 'airport-delays-avro', ...airportHours, value: airportDelays },
  feed: { store: 'departures', show: hourFigures },
}
