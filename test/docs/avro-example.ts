import { StreamsBuilder } from 'millrace'
import { type AvroValue, avro, type SchemaRegistry } from 'millrace/schema-registry'

export const flightSchema = {
  type: 'record',
  name: 'Flight',
  namespace: 'flights',
  fields: [
    { name: 'date', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'origin', type: 'string' },
    { name: 'delay', type: ['null', 'int'], default: null },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['ON_TIME', 'LATE'] } },
  ],
} as const

/** { date: number; origin: string; delay: number | null; status: 'ON_TIME' | 'LATE' } */
export type Flight = AvroValue<typeof flightSchema>

/** The flights that are late, by their airport. `registry` is, for example, `confluentSchemaRegistry({ url })`. */
export function lateFlights(registry: SchemaRegistry) {
  const flights = avro({ registry, schema: flightSchema })
  const airports = avro({ registry, schema: 'string' })
  const builder = new StreamsBuilder()
  builder
    .stream('flights', { key: airports, value: flights, timestamp: ({ value }) => value.date })
    .filter((_, { status, delay }) => status === 'LATE' && delay !== null)
    .selectKey((_, { origin }) => origin)
    .to('late-flights', { key: airports, value: flights })
  return builder.build()
}

/** Of a file it is not known what is in it: the type is given. */
export const flightsOf = (registry: SchemaRegistry, file: URL) => avro<Flight>({ registry, schema: file })
