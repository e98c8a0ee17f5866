/**
 * Types that flow through tables and processors, and what must not compile. Compiled with the tests; nothing here runs.
 */
import {
  type FixedKeyProcessor,
  type FixedKeyProcessorContext,
  int64,
  json,
  type KeyValueStore,
  type KGroupedTable,
  type KStream,
  type KTable,
  type Processor,
  type ProcessorContext,
  type ProcessorRecord,
  type SessionStore,
  Stores,
  StreamsBuilder,
  Suppressed,
  string,
  type TimestampedKeyValueStore,
  type TimestampedWindowStore,
  TumblingWindows,
  type Windowed,
  type WindowStore,
} from '../../src/index.js'
import { type Equal, expectType } from './equal.js'

interface Airport {
  city: string
  runways: number
}

const builder = new StreamsBuilder()
const airports = builder.table('airports', { key: string(), value: json<Airport>(), store: 'airports' })
const both = { key: string(), value: int64() }

// A row can always be deleted, so a table's values may be null; functions do not see that.
expectType<Equal<typeof airports, KTable<string, Airport | null, 'key' | 'value'>>>()
const large = airports.filter((code, { runways }) => code !== '' && runways > 2)
expectType<Equal<typeof large, KTable<string, Airport | null, 'key' | 'value'>>>()

const cities = airports.mapValues(({ city }) => city)
expectType<Equal<typeof cities, KTable<string, string | null, 'key'>>>()
const knownCities = airports.mapValues(({ city }) => city, { value: string() })
expectType<Equal<typeof knownCities, KTable<string, string | null, 'key' | 'value'>>>()
const keptCities = airports.mapValues(({ city }) => city, { store: 'cities', value: string() })
expectType<Equal<typeof keptCities, KTable<string, string | null, 'key' | 'value'>>>()
// @ts-expect-error what is kept needs a serde
airports.mapValues(({ city }) => city, { store: 'cities' })
// @ts-expect-error the serde is of another type
airports.mapValues(({ city }) => city, { store: 'cities', value: int64() })
// @ts-expect-error an operator must not return a promise
airports.mapValues(async ({ city }) => city)
// @ts-expect-error mapValues lost the value serde
cities.toStream().to('cities')
// @ts-expect-error a filter that keeps its rows needs the value serde that mapValues lost
cities.filter(() => true, { store: 'kept' })

const grouped = airports.groupBy((_, { city, runways }) => [city, runways], both)
expectType<Equal<typeof grouped, KGroupedTable<string, number>>>()
const runways = grouped.reduce(
  (sum, each) => sum + each,
  (sum, each) => (sum === each ? null : sum - each),
)
expectType<Equal<typeof runways, KTable<string, number | null, 'key' | 'value'>>>()
// @ts-expect-error the groups' serdes are new
airports.groupBy((_, { city, runways }) => [city, runways], {})
grouped.reduce(
  // @ts-expect-error a reducer gives what it gets
  (sum) => String(sum),
  (sum) => sum,
)
// @ts-expect-error it has to say how a row is taken off
grouped.aggregate(
  () => 0,
  (_, each, sum) => sum + each,
  { value: int64() },
)

const flights = builder.stream('flights', both)
const lastDelay = flights.toTable({ store: 'last-delay' })
expectType<Equal<typeof lastDelay, KTable<string, number, 'key' | 'value'>>>()
// @ts-expect-error selectKey lost the key serde
flights.selectKey(String).toTable()

const perHour = flights.groupByKey().windowedBy(TumblingWindows.of('1h')).count()
const final = perHour.suppress(Suppressed.untilWindowCloses())
expectType<Equal<typeof final, KTable<Windowed<string>, number, 'key' | 'value'>>>()
lastDelay.suppress(Suppressed.untilTimeLimit('1m', { maxRecords: 10, whenFull: 'shut-down' }))
// @ts-expect-error only windows close
lastDelay.suppress(Suppressed.untilWindowCloses())
// @ts-expect-error a final result does not come early
Suppressed.untilWindowCloses({ maxRecords: 10, whenFull: 'emit-early' })
// @ts-expect-error what waits needs a serde
cities.suppress(Suppressed.untilTimeLimit('1m'))

const totals = Stores.keyValue('totals', both)
const latest = Stores.timestampedKeyValue('latest', both)
const visits = Stores.session('visits', { ...both, retention: '1d', storage: 'memory' })
const stamped = Stores.timestampedWindow('stamped', { ...both, retention: '1d', windowSize: '1h' })
const recent = Stores.window('recent', { ...both, retention: '1d', windowSize: '1h' })

class Total implements Processor<string, number, string, bigint> {
  init(context: ProcessorContext<string, bigint>): void {
    const store = context.store(totals)
    expectType<Equal<typeof store, KeyValueStore<string, number>>>()
    const timestamped = context.store(latest)
    expectType<Equal<typeof timestamped, TimestampedKeyValueStore<string, number>>>()
    const windows = context.store(recent)
    expectType<Equal<typeof windows, WindowStore<string, number>>>()
    const sessions = context.store(visits)
    expectType<Equal<typeof sessions, SessionStore<string, number>>>()
    const stampedWindows = context.store(stamped)
    expectType<Equal<typeof stampedWindows, TimestampedWindowStore<string, number>>>()
    context.forward({ key: 'k', value: 1n, timestamp: 0 })
    // @ts-expect-error it forwards other values
    context.forward({ key: 'k', value: 1, timestamp: 0 })
    // @ts-expect-error a schedule is on stream time or the wall clock
    context.schedule('1s', 'event-time', () => undefined)
    // @ts-expect-error a schedule cannot wait
    context.schedule('1s', 'wall-clock', async () => undefined)
  }
  process(_: ProcessorRecord<string, number>): void {}
}

const total = flights.process(() => new Total(), { stores: [totals, latest, recent] })
expectType<Equal<typeof total, KStream<string, bigint, never>>>()
// @ts-expect-error the processor takes other values
builder.stream('names', { key: string(), value: string() }).process(() => new Total())
// @ts-expect-error a processor is synchronous
flights.process(() => ({ process: async () => undefined }))

class Doubled implements FixedKeyProcessor<string, number, number> {
  init(_: FixedKeyProcessorContext<number>): void {}
  process(_: ProcessorRecord<string, number>): void {}
}
const doubled = flights.processValues(() => new Doubled())
expectType<Equal<typeof doubled, KStream<string, number, 'key'>>>()
