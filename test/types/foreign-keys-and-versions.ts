/**
 * Types that flow through foreign-key joins and versioned tables, and what must not compile. Compiled with the tests;
 * nothing here runs.
 */
import {
  int32,
  json,
  type KTable,
  type ProcessorContext,
  Stores,
  StreamsBuilder,
  string,
  TumblingWindows,
  type Version,
  type VersionedKeyValueStore,
} from '../../src/index.js'
import { type Equal, expectType } from './equal.js'

interface Flight {
  to: string
  delay: number
}

interface Airport {
  city: string
  runways: number
}

const builder = new StreamsBuilder()
const flights = builder.table('flights', { key: int32(), value: json<Flight>(), store: 'flights' })
const airports = builder.table('airports', { key: string(), value: json<Airport>(), store: 'airports' })

// The joiner sees no deletion; a row of the join may always go.
const inner = flights.join(
  airports,
  (flight) => flight.to,
  (flight, { city }) => `${city} +${flight.delay}`,
)
expectType<Equal<typeof inner, KTable<number, string | null, 'key'>>>()
const kept = flights.join(
  airports,
  (flight, number) => (number > 0 ? flight.to : null),
  (_, { runways }, number) => runways + number,
  { store: 'runways', value: int32() },
)
expectType<Equal<typeof kept, KTable<number, number | null, 'key' | 'value'>>>()

const left = flights.leftJoin(
  airports,
  (flight) => flight.to,
  (flight, airport) => {
    expectType<Equal<typeof airport, Airport | null>>()
    return flight.delay
  },
  { value: int32(), otherPartitioner: (_, code) => code.length },
)
expectType<Equal<typeof left, KTable<number, number | null, 'key' | 'value'>>>()

// Rows of aggregates are never deleted here, so those of their left join are not either.
const counts = flights
  .toStream()
  .groupByKey()
  .count()
  .leftJoin(
    airports,
    () => 'JFK',
    (count) => count,
  )
expectType<Equal<typeof counts, KTable<number, number, 'key'>>>()

flights.join(
  // @ts-expect-error the foreign key is of another type than the keys of the other table
  airports,
  (flight) => flight.delay,
  () => 'x',
)
flights.join(
  // @ts-expect-error an operator must not return a promise
  airports,
  async (flight) => flight.to,
  () => 'x',
)
flights.leftJoin(
  airports,
  (flight) => flight.to,
  // @ts-expect-error a left join may find no row
  (_, airport) => airport.city,
)

const versioned = builder.table('prices', {
  key: string(),
  value: int32(),
  store: 'prices',
  historyRetention: '1d',
})
expectType<Equal<typeof versioned, KTable<string, number | null, 'key' | 'value'>>>()
versioned.filter((_, price) => price > 0, { store: 'positive', historyRetention: '1d' })
// @ts-expect-error rows that are kept nowhere have no past
versioned.filter((_, price) => price > 0, { historyRetention: '1d' })
const orders = builder.stream('orders', { key: string(), value: int32() })
const costs = orders.join(versioned, (pieces, price) => pieces * price, { gracePeriod: '1m' })
costs.to('costs', { value: int32() })
// @ts-expect-error windows are kept as they are
orders.groupByKey().windowedBy(TumblingWindows.of('1h')).count({ historyRetention: '1d' })

const store = Stores.versioned('versions', { key: string(), value: json<Airport>(), historyRetention: '1h' })
// @ts-expect-error how long versions are kept has to be said
Stores.versioned('versions', { key: string(), value: json<Airport>() })
declare const context: ProcessorContext<string, string>
const versions = context.store(store)
expectType<Equal<typeof versions, VersionedKeyValueStore<string, Airport>>>()
expectType<Equal<ReturnType<typeof versions.put>, number | undefined>>()
const version: Version<{ readonly city: string; readonly runways: number }> | undefined = versions.get(
  'JFK',
  5,
)
// @ts-expect-error a value that the store shares must not be changed
if (version !== undefined) version.value.city = 'New York'
