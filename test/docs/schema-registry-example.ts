import { StreamsBuilder, string } from 'millrace'
import { avro, confluentSchemaRegistry, type SchemaRegistry } from 'millrace/schema-registry'

/** The flight of each airport that is the latest. */
export function worstFlights(registry: SchemaRegistry) {
  const flight = avro({
    registry,
    schema: {
      type: 'record',
      name: 'Flight',
      fields: [
        { name: 'origin', type: 'string' },
        { name: 'delay', type: 'int' },
        { name: 'gate', type: ['null', 'string'], default: null },
      ],
    },
  })
  const builder = new StreamsBuilder()
  builder
    .stream('flights', { key: string(), value: flight })
    .groupBy((_, { origin }) => origin, { key: string(), value: flight })
    .reduce((worst, next) => (next.delay > worst.delay ? next : worst), { store: 'worst', value: flight })
    .toStream()
    .to('worst-flights', { key: string(), value: flight })
  return builder.build()
}

const url = process.env.SCHEMA_REGISTRY_URL ?? 'http://localhost:8081'

export default worstFlights(confluentSchemaRegistry({ url }))
