/**
 * What must not compile, each with the reason. Compiled with the tests; nothing here runs.
 */
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int32 } from '../../src/serdes/int32.js'
import { json } from '../../src/serdes/json.js'
import { string } from '../../src/serdes/string.js'
import { JoinWindows } from '../../src/windows/join-windows.js'
import { SessionWindows } from '../../src/windows/session-windows.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'

interface Flight {
  date: string
  delay: number
  origin: string
}

const builder = new StreamsBuilder()
const flights = builder.stream('flights', { key: string(), value: json<Flight>() })
const delays = flights.mapValues((flight) => flight.delay)
const byDelay = flights.selectKey((_, flight) => flight.delay)
const mapped = flights.map((key, flight) => [flight.delay, key])
const grouped = flights.groupByKey()
const perHour = grouped.windowedBy(TumblingWindows.of('1h'))
const perVisit = grouped.windowedBy(SessionWindows.of('30m'))
const byCarrier = byDelay.groupByKey({ key: int32(), value: json<Flight>() })
const cogrouped = grouped.cogroup<number>((_, flight, sum) => sum + flight.delay)
const branches = flights
  .split()
  .branch(() => true, { name: 'late' })
  .noDefaultBranch()

const zero = () => 0
const add = (_: string, flight: Flight, sum: number) => sum + flight.delay
const now = () => ({ at: new Date() })
const empty = () => ({ flights: [] as Flight[] })

// @ts-expect-error a topic has a key
builder.stream('flights', { value: json<Flight>() })
// @ts-expect-error a topic has a value
builder.stream('flights', { key: string() })
// @ts-expect-error an extractor gives a number
builder.stream('flights', { key: string(), value: json<Flight>(), timestamp: ({ value }) => value.date })

// @ts-expect-error what is in flight is kept in a store, and map() changed key and value
mapped.mapValuesAsync(async (key) => key)
// @ts-expect-error what filters answers yes or no
flights.filterAsync(async (_, flight) => flight.delay)
// @ts-expect-error a synchronous answer needs no asynchronous operator
flights.mapValuesAsync((flight) => flight.delay)
// @ts-expect-error the serde is of another type than the values
flights.to('out', { value: string() })
// @ts-expect-error the serde is of another type than the keys
flights.to('out', { key: int32() })
// @ts-expect-error mapValues lost the value serde
delays.to('out')
// @ts-expect-error mapValues lost the value serde
delays.to('out', {})
// @ts-expect-error the serde is that of the values before
delays.to('out', { value: json<Flight>() })
// @ts-expect-error selectKey lost the key serde
byDelay.to('out')
// @ts-expect-error map lost both serdes
mapped.to('out', { key: int32() })
// @ts-expect-error a topic is chosen by name
flights.to((_, flight) => flight.delay)
// @ts-expect-error a partition is a number
flights.to('out', { partitioner: (_topic, key) => key })

// @ts-expect-error selectKey lost the key serde
byDelay.groupByKey()
// @ts-expect-error the changed key makes a repartition topic, which needs the value serde too
mapped.groupByKey({ key: int32() })
// @ts-expect-error a repartition topic needs both serdes
mapped.repartition()
// @ts-expect-error a new key needs a serde
flights.groupBy((_, flight) => flight.origin)
// @ts-expect-error the serde is of another type than the new key
flights.groupBy((_, flight) => flight.origin, { key: int32() })
// @ts-expect-error the repartition topic needs the lost value serde
delays.groupBy((_, delay) => delay, { key: int32() })

// @ts-expect-error reduce stores values of the type whose serde was lost
delays.groupByKey().reduce((max, delay) => Math.max(max, delay))
// @ts-expect-error an aggregate needs a serde
grouped.aggregate(zero, add)
// @ts-expect-error the serde is of another type than the aggregate
grouped.aggregate(zero, add, { value: string() })
// @ts-expect-error the aggregator gives another type than the initializer
grouped.aggregate(zero, () => 'one', { value: int32() })
// @ts-expect-error JSON cannot say a date
grouped.aggregate(now, (_key, _flight, last) => last, { value: json() })
// @ts-expect-error an aggregate is shared with the store and must not be changed in place
grouped.aggregate(empty, (_key, _flight, list) => (list.flights.pop() ? null : list), { value: json() })
// @ts-expect-error retention is of windows
grouped.count({ retention: '1h' })
// @ts-expect-error a count is a number
grouped.count({ value: string() })
// @ts-expect-error this is no duration
perHour.count({ retention: 'an hour' })
// @ts-expect-error this is no duration
TumblingWindows.of('1 hour')
// @ts-expect-error the key of a windowed table is { key, window }
perHour.count().toStream((key: string) => key)
// @ts-expect-error the key of a windowed table is { key, window }
perHour.count().toStream().to('out', { key: string() })

// @ts-expect-error windows are objects
grouped.windowedBy('1h')
// @ts-expect-error there are two strategies: on window update, on window close
perHour.emitStrategy('onClose')
// @ts-expect-error sessions that become one need a merger of their aggregates
perVisit.aggregate(zero, add, { value: int32() })
// @ts-expect-error cogrouped streams have keys of one type
cogrouped.cogroup(byCarrier, (_key, _flight, sum) => sum + 1)
// @ts-expect-error the aggregate needs a serde
cogrouped.aggregate(zero, { store: 'sums' })
// @ts-expect-error a processor is made anew for each task, by a function
flights.process({ process: () => undefined })
// @ts-expect-error there is no such option
new StreamsBuilder({ ensureExplicitName: true })

// @ts-expect-error operators are synchronous
flights.filter(async () => true)
// @ts-expect-error operators are synchronous
flights.filterNot(async () => true)
// @ts-expect-error operators are synchronous
flights.map(async (key, flight) => [key, flight])
// @ts-expect-error operators are synchronous
flights.mapValues(async (flight) => flight.delay)
// @ts-expect-error operators are synchronous
flights.flatMap(async (key, flight) => [[key, flight]])
// @ts-expect-error operators are synchronous
flights.flatMapValues(async (flight) => [flight])
// @ts-expect-error operators are synchronous
flights.flatMapValues((flight) => [Promise.resolve(flight)])
// @ts-expect-error operators are synchronous
flights.selectKey(async (key) => key)
// @ts-expect-error operators are synchronous
flights.groupBy(async (key) => key, { key: string() })
// @ts-expect-error operators are synchronous
flights.peek(async () => {})
// @ts-expect-error operators are synchronous
flights.foreach(async () => {})
// @ts-expect-error operators are synchronous
flights.split().branch(async () => true, { name: 'late' })
// @ts-expect-error operators are synchronous
grouped.reduce(async (left) => left)
// @ts-expect-error operators are synchronous
grouped.aggregate(zero, async () => 1, { value: int32() })
// @ts-expect-error operators are synchronous
grouped.count().toStream(async (key) => key)

// @ts-expect-error operators are synchronous
flights.join(flights, async (left) => left, JoinWindows.of('1m'))
// @ts-expect-error the right side of a left join may be null
flights.leftJoin(flights, (_, right) => right.delay, JoinWindows.of('1m'))
// @ts-expect-error the left side of an outer join may be null
flights.outerJoin(flights, (left) => left.delay, JoinWindows.of('1m'))
// @ts-expect-error a join of streams has a window
flights.join(flights, (left) => left)
// @ts-expect-error streams are joined within windows of joins
flights.join(flights, (left) => left, TumblingWindows.of('1m'))
// @ts-expect-error selectKey lost the key serde
byDelay.join(byDelay, (left) => left, JoinWindows.of('1m'))
// @ts-expect-error mapValues lost the value serde
delays.join(flights, (left) => left, JoinWindows.of('1m'))
// @ts-expect-error the value serde of the other stream is lost
flights.join(delays, (left) => left, JoinWindows.of('1m'))
// @ts-expect-error the result of a join is of a type of its own
flights.join(flights, (left) => left.delay, JoinWindows.of('1m')).to('out')
// @ts-expect-error joined streams have keys of one type
flights.join(byDelay, (left) => left, JoinWindows.of('1m'))

// @ts-expect-error merged streams have the same types
flights.merge(delays)
// @ts-expect-error a merged stream knows what both know
flights.merge(flights.selectKey((key) => key)).to('out')
// @ts-expect-error there is no branch of that name
branches.early
// @ts-expect-error a branch has a name
flights.split().branch(() => true)
// @ts-expect-error map gives key and value
flights.map((_, flight) => flight)
// @ts-expect-error the values have no such property
flights.filter((_, flight) => flight.arrival > 0)
