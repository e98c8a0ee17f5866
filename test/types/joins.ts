/**
 * Types that flow through joins, and what must not compile. Compiled with the tests; nothing here runs.
 */
import {
  type GlobalKTable,
  int32,
  json,
  type KStream,
  type KTable,
  StreamsBuilder,
  string,
} from '../../src/index.js'
import { type Equal, expectType } from './equal.js'

interface Airport {
  city: string
}

interface Flight {
  to: string
  delay: number
}

const builder = new StreamsBuilder()
const flights = builder.stream('flights', { key: string(), value: json<Flight>() })
const anyone = builder.stream<string | null, Flight | null>('anyone', { key: string(), value: json() })
const airports = builder.table('airports', { key: string(), value: json<Airport>() })
const counts = flights.groupByKey().count()
const byDelay = flights.selectKey((_, { delay }) => delay)
const byDestination = flights.selectKey((_, { to }) => to)
const cities = builder.globalTable('cities', { key: int32(), value: string() })

// An inner join of a stream meets values on both sides, whatever may be null before; its key is there, too.
const inner = anyone.join(airports, (flight, airport, key) => {
  expectType<Equal<typeof flight, Flight>>()
  expectType<Equal<typeof airport, Airport>>()
  expectType<Equal<typeof key, string>>()
  return airport.city
})
expectType<Equal<typeof inner, KStream<string, string, 'key'>>>()

// A left join may meet no row, and no key.
const left = anyone.leftJoin(airports, (flight, airport, key) => {
  expectType<Equal<typeof flight, Flight>>()
  expectType<Equal<typeof airport, Airport | null>>()
  expectType<Equal<typeof key, string | null>>()
  return flight.delay
})
expectType<Equal<typeof left, KStream<string | null, number, 'key'>>>()

// What has new keys is repartitioned, with serdes.
byDestination.join(airports, () => 1, { key: string() })
// @ts-expect-error the key has changed
byDestination.join(airports, () => 1)
// @ts-expect-error the keys of the stream are not those of the table
byDelay.join(airports, () => 1, { key: int32() })
// @ts-expect-error a joiner is synchronous
flights.join(airports, async (flight) => flight.delay)

// The rows of a join of tables: null where they can be deleted.
const both = airports.join(counts, (airport, count) => {
  expectType<Equal<typeof airport, Airport>>()
  expectType<Equal<typeof count, number>>()
  return airport.city + count
})
expectType<Equal<typeof both, KTable<string, string | null, 'key'>>>()
const all = counts.join(counts, (one, two) => one + two)
expectType<Equal<typeof all, KTable<string, number, 'key'>>>()

const leftTable = counts.leftJoin(airports, (count, airport) => {
  expectType<Equal<typeof airport, Airport | null>>()
  return count
})
expectType<Equal<typeof leftTable, KTable<string, number, 'key'>>>()

const outer = counts.outerJoin(airports, (count, airport) => {
  expectType<Equal<typeof count, number | null>>()
  expectType<Equal<typeof airport, Airport | null>>()
  return 1
})
expectType<Equal<typeof outer, KTable<string, number | null, 'key'>>>()

const kept = airports.join(counts, ({ city }) => city, { store: 'kept', value: string() })
expectType<Equal<typeof kept, KTable<string, string | null, 'key' | 'value'>>>()
// @ts-expect-error rows are kept with a serde
airports.join(counts, ({ city }) => city, { store: 'kept' })
// @ts-expect-error a join lost the value serde
both.toStream().to('out')

// A global table is met by any key.
expectType<Equal<typeof cities, GlobalKTable<number, string>>>()
const global = anyone.join(
  cities,
  (_, flight) => flight.delay,
  (_, city, key) => {
    expectType<Equal<typeof city, string>>()
    expectType<Equal<typeof key, string | null>>()
    return city
  },
)
expectType<Equal<typeof global, KStream<string | null, string, 'key'>>>()
const leftGlobal = byDelay.leftJoin(
  cities,
  (delay) => (delay > 0 ? delay : null),
  (_, city) => {
    expectType<Equal<typeof city, string | null>>()
    return city
  },
)
expectType<Equal<typeof leftGlobal, KStream<number, string | null, never>>>()
const asIs = (airport: string) => airport
// @ts-expect-error the function gives a key of another type
flights.join(cities, asIs, () => 1)
