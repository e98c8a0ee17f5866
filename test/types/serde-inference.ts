/**
 * Types that flow through a topology from its serdes. Compiled with the tests; nothing here runs.
 */
import type { KGroupedStream } from '../../src/dsl/kgrouped-stream.js'
import type { KStream } from '../../src/dsl/kstream.js'
import type { KTable } from '../../src/dsl/ktable.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int32 } from '../../src/serdes/int32.js'
import { json } from '../../src/serdes/json.js'
import { string } from '../../src/serdes/string.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import type { Windowed } from '../../src/windows/window.js'
import { type Equal, expectType } from './equal.js'

interface Flight {
  date: string
  delay: number
  distance: number
  origin: string
  destination: string
}

interface Delays {
  flights: number
  delay: number
}

const builder = new StreamsBuilder()

const flights = builder.stream('flights', {
  key: string(),
  value: json<Flight>(),
  timestamp: (f) => Date.parse(f.value.date),
})
expectType<Equal<typeof flights, KStream<string, Flight, 'key' | 'value'>>>()

const perAirport = flights.groupBy((_, flight) => flight.origin, { key: string() })
expectType<Equal<typeof perAirport, KGroupedStream<string, Flight, 'key' | 'value'>>>()

const table = perAirport.windowedBy(TumblingWindows.of('1h').grace('10m')).aggregate(
  () => ({ flights: 0, delay: 0 }),
  (_, f, a) => ({ flights: a.flights + 1, delay: a.delay + f.delay }),
  { store: 'delays', value: json() },
)
expectType<Equal<typeof table, KTable<Windowed<string>, Delays, 'key' | 'value'>>>()

table.toStream().to('airport-delays')

// The value type of an aggregation may come from its serde alone.
const lists = flights.groupByKey().aggregate(
  () => [],
  (_, flight, list) => [...list, flight.delay],
  { value: json<number[]>() },
)
expectType<Equal<typeof lists, KTable<string, number[], 'key' | 'value'>>>()

// An aggregator that may delete a row makes tombstones.
const deleting = flights.groupByKey().aggregate(
  () => 0,
  (_, { delay }, sum) => (delay < 0 ? null : sum + delay),
  { value: int32() },
)
expectType<Equal<typeof deleting, KTable<string, number | null, 'key' | 'value'>>>()
const changes = deleting.toStream()
expectType<Equal<typeof changes, KStream<string, number | null, 'key' | 'value'>>>()
changes.to('sums')

// The aggregate may be returned as it came.
flights.groupByKey().aggregate(
  () => ({ worst: 0, tags: ['a'] }),
  (_, f, a) => (f.delay > a.worst ? { ...a, worst: f.delay } : a),
  {
    value: json(),
  },
)

const delays = flights.mapValues((flight) => flight.delay)
expectType<Equal<typeof delays, KStream<string, number, 'key'>>>()
delays.to('delays', { value: int32() })
const worst = delays.groupByKey().reduce((max, delay) => Math.max(max, delay), { value: int32() })
expectType<Equal<typeof worst, KTable<string, number, 'key' | 'value'>>>()

// The serde may be given where the stream is grouped.
const groupedDelays = delays.groupByKey({ value: int32() })
expectType<Equal<typeof groupedDelays, KGroupedStream<string, number, 'key' | 'value'>>>()
groupedDelays.reduce((max, delay) => Math.max(max, delay))

const counted = delays.groupByKey().count()
expectType<Equal<typeof counted, KTable<string, number, 'key' | 'value'>>>()

const moved = flights.selectKey((_, { destination }) => destination)
expectType<Equal<typeof moved, KStream<string, Flight, 'value'>>>()
moved.to('by-destination', { key: string() })

const mapped = flights.map((key, flight) => [flight.delay, key])
expectType<Equal<typeof mapped, KStream<number, string, never>>>()

const flat = flights.flatMap((_, { origin, destination }) => [
  [origin, 1],
  [destination, -1],
])
expectType<Equal<typeof flat, KStream<string, number, never>>>()

const words = flights.flatMapValues((flight) => flight.origin.split(' '))
expectType<Equal<typeof words, KStream<string, string, 'key'>>>()

const repartitioned = mapped.repartition({ key: int32(), value: string(), partitions: 2 })
expectType<Equal<typeof repartitioned, KStream<number, string, 'key' | 'value'>>>()
repartitioned.to('repartitioned')

const kept = flights.filter((_, flight) => flight.delay > 0).peek((key) => key.length)
expectType<Equal<typeof kept, KStream<string, Flight, 'key' | 'value'>>>()

const both = flights.merge(kept)
expectType<Equal<typeof both, KStream<string, Flight, 'key' | 'value'>>>()
const half = kept.selectKey((key) => key).merge(flights)
expectType<Equal<typeof half, KStream<string, Flight, 'value'>>>()

const { late, onTime } = flights
  .split()
  .branch((_, flight) => flight.delay >= 15, { name: 'late' })
  .defaultBranch({ name: 'onTime' })
expectType<Equal<typeof late, KStream<string, Flight, 'key' | 'value'>>>()
expectType<Equal<typeof onTime, KStream<string, Flight, 'key' | 'value'>>>()

// Where a topic has nulls the types can say so, and a filter takes them away.
const withTombstones = builder.stream<string | null, Flight | null>('flights', {
  key: string(),
  value: json<Flight>(),
})
const withoutTombstones = withTombstones.filter((_, flight) => flight !== null)
expectType<Equal<typeof withoutTombstones, KStream<string | null, Flight, 'key' | 'value'>>>()
withTombstones.to('copy')

// A type guard narrows; the serde still fits.
type Event = { type: 'a'; a: number } | { type: 'b'; b: string }
const events = builder.stream('events', { key: string(), value: json<Event>() })
const as = events.filter((_, event) => event.type === 'a')
expectType<Equal<typeof as, KStream<string, { type: 'a'; a: number }, 'key' | 'value'>>>()
as.to('as')

// A group's key is never null: such records are dropped.
const nullable = flights.groupBy((_, flight) => (flight.delay > 0 ? flight.origin : null), { key: string() })
expectType<Equal<typeof nullable, KGroupedStream<string, Flight, 'key' | 'value'>>>()

// Functions over streams keep what is known.
function logged<K, V, Known extends 'key' | 'value'>(stream: KStream<K, V, Known>): KStream<K, V, Known> {
  return stream.peek((key, value) => console.log(key, value))
}
logged(flights).to('logged')

const strings = table.toStream(({ key, window }) => `${key}@${window.start}`)
expectType<Equal<typeof strings, KStream<string, Delays, 'value'>>>()
strings.to('strings', { key: string() })
