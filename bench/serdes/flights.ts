/** What is written and read: five fields, 45 bytes as Avro. */
export interface Flight {
  readonly date: number
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly flight: string
}

const ORIGINS = ['SFO', 'JFK', 'ATL', 'ORD']

export const flights = (count: number): Flight[] =>
  Array.from({ length: count }, (_, index) => ({
    date: 1_700_000_000_000 + index,
    delay: (index * 7) % 90,
    distance: 100.5 + (index % 5_000),
    origin: ORIGINS[index % ORIGINS.length]!,
    flight: `flight-${1_000_000 + index}`,
  }))

const fields = [
  { name: 'date', type: { type: 'long', logicalType: 'timestamp-millis' } },
  { name: 'delay', type: 'int' },
  { name: 'distance', type: 'double' },
  { name: 'origin', type: 'string' },
  { name: 'flight', type: 'string' },
]

export const avroSchema = { type: 'record', name: 'Flight', namespace: 'bench', fields }

/** A field more, which has a default, and one less. */
export const newerAvroSchema = {
  ...avroSchema,
  fields: [
    ...fields.filter(({ name }) => name !== 'origin'),
    { name: 'cancelled', type: 'boolean', default: false },
  ],
}

const properties = {
  date: { type: 'integer' },
  delay: { type: 'integer' },
  distance: { type: 'number', minimum: 0 },
  origin: { type: 'string', minLength: 3 },
  flight: { type: 'string' },
}

export const jsonSchemaOfFlights = { type: 'object', properties, required: Object.keys(properties) }

export const protoSchema = `syntax = "proto3";
message Flight { int64 date = 1; int32 delay = 2; double distance = 3; string origin = 4; string flight = 5; }`
