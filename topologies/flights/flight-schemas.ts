/** A flight as it is reported, in topic `flights-avro`. */
export const flightSchema = {
  type: 'record',
  name: 'Flight',
  namespace: 'millrace.flights',
  fields: [
    { name: 'date', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'delay', type: 'int', doc: 'Minutes.' },
    { name: 'distance', type: 'int', doc: 'Miles.' },
    { name: 'origin', type: 'string' },
    { name: 'destination', type: 'string' },
  ],
} as const

/** What is summed up of flights, in the store and its changelog. */
export const flightSumsSchema = {
  type: 'record',
  name: 'FlightSums',
  namespace: 'millrace.flights',
  fields: [
    { name: 'flights', type: 'int' },
    { name: 'delayed', type: 'int' },
    { name: 'totalDelay', type: 'long' },
    { name: 'maxDelay', type: 'long' },
  ],
} as const

/** What an airport's flights of one hour were like. */
export const airportDelaysSchema = {
  type: 'record',
  name: 'AirportDelays',
  namespace: 'millrace.flights',
  fields: [
    { name: 'airport', type: 'string' },
    { name: 'windowStart', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'windowEnd', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'flights', type: 'int' },
    { name: 'delayed', type: 'int' },
    { name: 'meanDelay', type: 'double' },
    { name: 'maxDelay', type: 'long' },
  ],
} as const
