// Made by `npm run docs` of the doc comments: change those.
import assert from 'node:assert/strict'
import {
  type FixedKeyProcessorContext,
  type ForwardedRecord,
  type Processor,
  type ProcessorContext,
  type ProcessorRecord,
  Aggregators,
  Evictors,
  StreamsBuilder,
  Suppressed,
  TopologyBuilder,
  Triggers,
  KafkaStreams,
  bytes,
  int32,
  int64,
  json,
  string,
  type KeyValueStore,
  Stores,
  CountWindows,
  GlobalWindows,
  HoppingWindows,
  JoinInterval,
  JoinWindows,
  SessionWindows,
  SlidingWindows,
  TumblingWindows,
  UnlimitedWindows,
} from 'millrace'
import { type Account, type Flight, setting } from '../api/setting.js'

/** The examples of the doc comments, by what they are about. */
export const EXAMPLES: Readonly<Record<string, () => void | Promise<void>>> = {
  'Aggregators.topN': () => {
    const { flights, results } = setting()
const worst = flights
  .mapValues((flight) => flight.delay)
  .groupBy(() => 'all', { key: string(), value: int32() })
  .aggregate(Aggregators.topN({ n: 2, by: (delay) => delay, value: int32() }), { store: 'worst' })
assert.equal(results(worst).at(-1), 'all: [45, 20]')
  },
  'Aggregators.latestBy': () => {
    const { flights, results } = setting()
const worst = flights
  .groupByKey()
  .aggregate(Aggregators.latestBy({ by: (flight) => flight.delay, value: json() }), { store: 'worst' })
assert.equal(results(worst)[2], "SFO: { to: 'LGA', delay: 45 }")
  },
  'Aggregators.distinctCount': () => {
    const { flights, results } = setting()
const destinations = flights
  .groupBy(() => 'all', { key: string() })
  .aggregate(Aggregators.distinctCount((flight) => flight.to), { store: 'destinations' })
  .mapValues(({ count }) => count)
assert.equal(results(destinations).at(-1), 'all: 3')
  },
  'Aggregators.quantiles': () => {
    const { flights, results } = setting()
const median = flights
  .groupBy(() => 'all', { key: string() })
  .aggregate(Aggregators.quantiles((flight) => flight.delay, { relativeAccuracy: 0.01 }), { store: 'delays' })
  .mapValues((delays) => Math.round(delays.quantile(0.5)))
assert.equal(results(median).at(-1), 'all: 5')
  },
  'AsyncStreams.mapAsync': async () => {
    const { flights, answered } = setting()
const terminalOf = async (airport: string) => `terminal of ${airport}`
const arrivals = flights.mapAsync(async (_, flight) => [flight.to, await terminalOf(flight.to)])
assert.deepEqual(await answered(arrivals), [
  'JFK: terminal of JFK', 'JFK: terminal of JFK', 'LGA: terminal of LGA', 'SFO: terminal of SFO',
])
  },
  'AsyncStreams.mapValuesAsync': async () => {
    const { flights, answered } = setting()
const priceOf = async (flight: Flight, signal: AbortSignal) => (signal.aborted ? 0 : 100 - flight.delay)
const prices = flights.mapValuesAsync((flight, _, { signal }) => priceOf(flight, signal), {
  order: 'key',
  capacity: 200,
  timeout: '5s',
  retries: { max: 3 },
})
assert.deepEqual(await answered(prices), ['SFO: 80', 'LGA: 100', 'SFO: 55', 'LGA: 95'])
  },
  'AsyncStreams.filterAsync': async () => {
    const { flights, answered } = setting()
const isKnown = async (airport: string) => airport === 'SFO'
assert.deepEqual(await answered(flights.filterAsync(isKnown)), [
  "SFO: { to: 'JFK', delay: 20 }", "SFO: { to: 'LGA', delay: 45 }",
])
  },
  'AsyncStreams.flatMapAsync': async () => {
    const { flights, answered } = setting()
const gatesAt = async (airport: string) => (airport === 'LGA' ? ['C1', 'C2'] : [])
const gates = flights.flatMapAsync(async (_, { to }) => (await gatesAt(to)).map((gate) => [to, gate]))
assert.deepEqual(await answered(gates), ['LGA: C1', 'LGA: C2'])
  },
  'BranchedKStream.branch': () => {
    const { flights, results } = setting()
const { veryLate, late } = flights
  .mapValues((flight) => flight.delay)
  .split()
  .branch((_, delay) => delay >= 30, { name: 'veryLate' })
  .branch((_, delay) => delay >= 15, { name: 'late' })
  .noDefaultBranch()
assert.deepEqual(results(veryLate), ['SFO: 45'])
assert.deepEqual(results(late), ['SFO: 20'])
  },
  'BranchedKStream.defaultBranch': () => {
    const { clicks, results } = setting()
const { cart, default: others } = clicks
  .split()
  .branch((_, page) => page === 'cart', { name: 'cart' })
  .defaultBranch()
assert.deepEqual(results(cart), ['ann: cart'])
assert.deepEqual(results(others), ['ann: home', 'bob: home', 'ann: home'])
  },
  'BranchedKStream.noDefaultBranch': () => {
    const { clicks, results } = setting()
const { cart } = clicks
  .split()
  .branch((_, page) => page === 'cart', { name: 'cart' })
  .noDefaultBranch()
assert.deepEqual(results(cart), ['ann: cart'])
  },
  'CogroupedKStream.cogroup': () => {
    const { orders, payments, results } = setting()
const accounts = orders
  .groupByKey()
  .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
  .cogroup(payments.groupByKey(), (_, sum, account) => ({ ...account, paid: account.paid + sum }))
  .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
assert.deepEqual(results(accounts), ['ann: { ordered: 30, paid: 0 }', 'ann: { ordered: 30, paid: 10 }'])
  },
  'CogroupedKStream.windowedBy': () => {
    const { clicks, orders, results } = setting()
const actions = clicks
  .groupByKey()
  .cogroup<number>((_, __, actions) => actions + 1)
  .cogroup(orders.groupByKey(), (_, __, actions) => actions + 10)
  .windowedBy(TumblingWindows.of('1h'))
  .aggregate(() => 0, { store: 'actions', value: int32() })
assert.deepEqual(results(actions).slice(0, 3), ['ann 0s-1h: 1', 'ann 0s-1h: 11', 'ann 0s-1h: 12'])
  },
  'CogroupedKStream.aggregate': () => {
    const { orders, payments, results } = setting()
const accounts = orders
  .groupByKey()
  .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
  .cogroup(payments.groupByKey(), (_, sum, account) => ({ ...account, paid: account.paid + sum }))
  .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
assert.equal(results(accounts).at(-1), 'ann: { ordered: 30, paid: 10 }')
  },
  'SessionWindowedCogroupedKStream.emitStrategy': () => {
    const { clicks, orders, results } = setting()
const visits = clicks
  .groupByKey()
  .cogroup<number>((_, __, actions) => actions + 1)
  .cogroup(orders.groupByKey(), (_, __, actions) => actions + 10)
  .windowedBy(SessionWindows.of('10m'))
  .emitStrategy('onWindowClose')
  .aggregate(
    () => 0,
    (_, left, right) => left + right,
    { store: 'visits', value: int32() },
  )
assert.deepEqual(results(visits), ['ann 0s-5m: 12', 'bob 20m-20m: 1'])
  },
  'SessionWindowedCogroupedKStream.aggregate': () => {
    const { clicks, orders, results } = setting()
const visits = clicks
  .groupByKey()
  .cogroup<number>((_, __, actions) => actions + 1)
  .cogroup(orders.groupByKey(), (_, __, actions) => actions + 1)
  .windowedBy(SessionWindows.of('30m'))
  .aggregate(
    () => 0,
    (_, left, right) => left + right,
    { store: 'visits', value: int32() },
  )
assert.deepEqual(results(visits).slice(0, 3), ['ann 0s-0s: 1', 'ann 0s-0s: null', 'ann 0s-1m: 2'])
  },
  'TimeWindowedCogroupedKStream.emitStrategy': () => {
    const { clicks, orders, results } = setting()
const activity = clicks
  .groupByKey()
  .cogroup<number>((_, __, actions) => actions + 1)
  .cogroup(orders.groupByKey(), (_, __, actions) => actions + 10)
  .windowedBy(TumblingWindows.of('30m'))
  .emitStrategy('onWindowClose')
  .aggregate(() => 0, { store: 'activity', value: int32() })
assert.deepEqual(results(activity), ['ann 0s-30m: 12', 'bob 0s-30m: 1'])
  },
  'TimeWindowedCogroupedKStream.aggregate': () => {
    const { orders, payments, results } = setting()
const accounts = orders
  .groupByKey()
  .cogroup<number>((_, sum, balance) => balance + sum)
  .cogroup(payments.groupByKey(), (_, sum, balance) => balance - sum)
  .windowedBy(TumblingWindows.of('1d'))
  .aggregate(() => 0, { store: 'balances', value: int32() })
assert.deepEqual(results(accounts), ['ann 0s-1d: 30', 'ann 0s-1d: 20'])
  },
  'CountWindowedKStream.reduce': () => {
    const { clicks, results } = setting()
const paths = clicks.groupByKey().windowedBy(CountWindows.of(2)).reduce((path, page) => `${path}, ${page}`)
assert.deepEqual(results(paths), ['ann: home, cart'])
  },
  'CountWindowedKStream.aggregate': () => {
    const { flights, results } = setting()
const worst = flights
  .groupByKey()
  .windowedBy(CountWindows.of(2).advanceBy(1))
  .aggregate(
    () => 0,
    (_, flight, max) => Math.max(max, flight.delay),
    { store: 'worst-of-two', value: int32() },
  )
assert.deepEqual(results(worst), ['SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5'])
  },
  'Evictors.count': () => {
    const { clicks, results } = setting()
const batches = clicks
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.count(2))
  .evict(Evictors.count(1, { after: true }))
  .apply((_, pages) => pages.join(', '))
assert.deepEqual(results(batches.selectKey(({ key }) => key)), ['ann: home, cart'])
  },
  'Evictors.time': () => {
    const { clicks, results } = setting()
const lastMinutes = clicks
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.count(1))
  .evict(Evictors.time('10m'))
  .apply((_, pages) => pages.length)
assert.deepEqual(results(lastMinutes.selectKey(({ key }) => key)), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 1'])
  },
  'Evictors.delta': () => {
    const { flights, results } = setting()
const alike = flights
  .mapValues(({ delay }) => delay)
  .groupByKey({ value: int32() })
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.count(2))
  .evict(Evictors.delta(30, (delay: number, last) => Math.abs(last - delay)))
  .apply((_, delays) => delays.join(', '))
assert.deepEqual(results(alike.selectKey(({ key }) => key)), ['SFO: 20, 45', 'LGA: 0, 5'])
  },
  'KGroupedStream.count': () => {
    const { clicks, results } = setting()
const counts = clicks.groupByKey().count({ store: 'clicks-per-user' })
assert.deepEqual(results(counts), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 3'])
  },
  'KGroupedStream.reduce': () => {
    const { flights, results } = setting()
const worst = flights
  .mapValues((flight) => flight.delay)
  .groupByKey({ value: int32() })
  .reduce((max, delay) => Math.max(max, delay), { store: 'worst-delay' })
assert.deepEqual(results(worst), ['SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5'])
  },
  'KGroupedStream.aggregate': () => {
    const { flights, results } = setting()
const totals = flights.groupByKey().aggregate(
  () => ({ flights: 0, delay: 0 }),
  (_, flight, sum) => ({ flights: sum.flights + 1, delay: sum.delay + flight.delay }),
  { store: 'totals', value: json() },
)
assert.equal(results(totals).at(-1), 'LGA: { flights: 2, delay: 5 }')
  },
  'KGroupedStream.cogroup': () => {
    const { orders, results } = setting()
const accounts = orders
  .groupByKey()
  .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
  .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
assert.deepEqual(results(accounts), ['ann: { ordered: 30, paid: 0 }'])
  },
  'KGroupedStream.windowedBy': () => {
    const { clicks, results } = setting()
const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h').grace('10m')).count()
assert.deepEqual(results(perHour), ['ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 1h-2h: 1'])
  },
  'KGroupedTable.count': () => {
    const { airports, results } = setting()
const airportsPerCity = airports
  .groupBy((code, { city }) => [city, code], { key: string(), value: string() })
  .count({ store: 'airports-per-city' })
assert.deepEqual(results(airportsPerCity), ['New York: 1', 'New York: 2', 'San Francisco: 1'])
  },
  'KGroupedTable.reduce': () => {
    const { airports, results } = setting()
const runwaysPerCity = airports
  .groupBy((_, { city, runways }) => [city, runways], { key: string(), value: int32() })
  .reduce(
    (sum, runways) => sum + runways,
    (sum, runways) => sum - runways,
    { store: 'runways-per-city' },
  )
assert.deepEqual(results(runwaysPerCity), ['New York: 4', 'New York: 6', 'San Francisco: 4'])
  },
  'KGroupedTable.aggregate': () => {
    const { airports, results } = setting()
const perCity = airports
  .groupBy((_, { city, runways }) => [city, runways], { key: string(), value: int32() })
  .aggregate(
    () => ({ airports: 0, runways: 0 }),
    (_, runways, sum) => ({ airports: sum.airports + 1, runways: sum.runways + runways }),
    (_, runways, sum) =>
      sum.airports === 1 ? null : { airports: sum.airports - 1, runways: sum.runways - runways },
    { store: 'per-city', value: json() },
  )
assert.equal(results(perCity)[1], 'New York: { airports: 2, runways: 6 }')
  },
  'KStream.filter': () => {
    const { flights, results } = setting()
assert.deepEqual(results(flights.filter((_, flight) => flight.delay >= 30)), [
  "SFO: { to: 'LGA', delay: 45 }",
])
  },
  'KStream.filterNot': () => {
    const { flights, results } = setting()
assert.deepEqual(results(flights.filterNot((_, flight) => flight.delay < 30)), [
  "SFO: { to: 'LGA', delay: 45 }",
])
  },
  'KStream.map': () => {
    const { flights, results } = setting()
const perDestination = flights.map((_, flight) => [flight.to, flight.delay])
assert.deepEqual(results(perDestination), ['JFK: 20', 'JFK: 0', 'LGA: 45', 'SFO: 5'])
  },
  'KStream.mapValues': () => {
    const { flights, results } = setting()
const delays = flights.mapValues((flight) => flight.delay)
assert.deepEqual(results(delays), ['SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5'])
  },
  'KStream.flatMap': () => {
    const { clicks, results } = setting()
const moves = clicks.flatMap((user, page) => [
  [user, page],
  [page, user],
])
assert.deepEqual(results(moves).slice(0, 4), ['ann: home', 'home: ann', 'ann: cart', 'cart: ann'])
  },
  'KStream.flatMapValues': () => {
    const { clicks, results } = setting()
const letters = clicks.flatMapValues((page) => page.slice(0, 2).split(''))
assert.deepEqual(results(letters).slice(0, 4), ['ann: h', 'ann: o', 'ann: c', 'ann: a'])
  },
  'KStream.selectKey': () => {
    const { clicks, results } = setting()
const byPage = clicks.selectKey((_, page) => page)
assert.deepEqual(results(byPage), ['home: home', 'cart: cart', 'home: home', 'home: home'])
  },
  'KStream.peek': () => {
    const { flights, results } = setting()
const seen: string[] = []
const late = flights.peek((from, flight) => seen.push(`${from}-${flight.to}`)).filter(() => false)
assert.deepEqual(results(late), [])
assert.deepEqual(seen, ['SFO-JFK', 'LGA-JFK', 'SFO-LGA', 'LGA-SFO'])
  },
  'KStream.foreach': () => {
    const { clicks, results } = setting()
const pages = new Set<string>()
clicks.foreach((_, page) => pages.add(page))
results(clicks)
assert.deepEqual([...pages], ['home', 'cart'])
  },
  'KStream.merge': () => {
    const { builder, results } = setting()
const german = builder.stream('arrivals-de', { key: string(), value: string() })
const french = builder.stream('arrivals-fr', { key: string(), value: string() })
assert.deepEqual(results(german.merge(french)), ['BER: LH1', 'CDG: AF1'])
  },
  'KStream.join': () => {
    const { orders, payments, results } = setting()
const paid = orders.join(payments, (ordered, paid) => ({ ordered, paid }), JoinWindows.of('10m'))
assert.deepEqual(results(paid), ['ann: { ordered: 30, paid: 10 }'])
  },
  'KStream.join 2': () => {
    const { builder, flights, airports, clicks, results } = setting()
const toCities = flights
  .selectKey((_, flight) => flight.to)
  .join(airports, (flight, airport) => `${airport.city} ${flight.delay}`, { key: string(), value: json() })
assert.deepEqual(results(toCities), [
  'JFK: New York 20', 'JFK: New York 0', 'LGA: New York 45', 'SFO: San Francisco 5',
])

const pages = builder.globalTable('pages', { key: string(), value: string() })
const titles = clicks.join(pages, (_, page) => page, (_, title) => title)
assert.deepEqual(results(titles), ['ann: Home', 'ann: Your cart', 'bob: Home', 'ann: Home'])
  },
  'KStream.leftJoin': () => {
    const { clicks, orders, results } = setting()
const bought = clicks.leftJoin(
  orders,
  (page, amount) => `${page}, ${amount ?? 'no order'}`,
  JoinWindows.of('4m').grace('1m'),
)
assert.deepEqual(results(bought), ['ann: home, 30', 'ann: cart, 30', 'bob: home, no order'])
  },
  'KStream.leftJoin 2': () => {
    const { airports, clicks, results } = setting()
const cities = clicks.leftJoin(airports, (page, airport) => `${page} ${airport?.city}`)
assert.deepEqual(results(cities), [
  'ann: home undefined', 'ann: cart undefined', 'bob: home undefined', 'ann: home undefined',
])
  },
  'KStream.outerJoin': () => {
    const { clicks, orders, results } = setting()
const all = clicks.outerJoin(
  orders,
  (page, amount) => `${page ?? 'no page'}, ${amount ?? 'no order'}`,
  JoinWindows.of('30s'),
)
assert.deepEqual(results(all).slice(0, 3), [
  'ann: home, no order',
  'ann: no page, 30',
  'ann: cart, no order',
])
  },
  'KStream.split': () => {
    const { flights, results } = setting()
const { late, onTime } = flights
  .split()
  .branch((_, flight) => flight.delay >= 15, { name: 'late' })
  .defaultBranch({ name: 'onTime' })
assert.deepEqual(results(late.mapValues((flight) => flight.delay)), ['SFO: 20', 'SFO: 45'])
assert.deepEqual(results(onTime.mapValues((flight) => flight.delay)), ['LGA: 0', 'LGA: 5'])
  },
  'KStream.repartition': () => {
    const { clicks, results } = setting()
const byPage = clicks
  .selectKey((_, page) => page)
  .repartition({ name: 'by-page', key: string(), partitions: 8 })
assert.deepEqual(results(byPage), ['home: home', 'cart: cart', 'home: home', 'home: home'])
  },
  'KStream.process': () => {
    const { clicks, results } = setting()
// Forwards what comes under the value that came before it.
class WithFormer implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>
  private former!: KeyValueStore<string, string>

  init(context: ProcessorContext<string, string>) {
    this.context = context
    this.former = context.store(former)
  }

  process(record: ProcessorRecord<string, string>) {
    this.context.forward({ ...record, key: this.former.get(record.key) ?? 'none' })
    this.former.put(record.key, record.value)
  }
}

const former = Stores.keyValue('former', { key: string(), value: string() })
const steps = clicks.process(() => new WithFormer(), { stores: [former] })
assert.deepEqual(results(steps), ['none: home', 'home: cart', 'none: home', 'cart: home'])
  },
  'KStream.processValues': () => {
    const { clicks, results } = setting()
const times = clicks.processValues(() => {
  let context: FixedKeyProcessorContext<number>
  return {
    init(given: FixedKeyProcessorContext<number>) {
      context = given
    },
    process(record) {
      context.forward({ ...record, value: record.timestamp / 60_000 })
    },
  }
})
assert.deepEqual(results(times), ['ann: 0', 'ann: 5', 'bob: 20', 'ann: 60'])
  },
  'KStream.print': () => {
    const { clicks, results } = setting()
const lines: string[] = []
clicks.print({ label: 'clicks', write: (line) => lines.push(line) })
results(clicks)
assert.equal(lines[0], '[clicks]: ann, home')
  },
  'KStream.toTable': () => {
    const { clicks, results } = setting()
const lastPage = clicks.toTable({ store: 'last-page' })
assert.deepEqual(results(lastPage), ['ann: home', 'ann: cart', 'bob: home', 'ann: home'])
  },
  'KStream.groupBy': () => {
    const { flights, results } = setting()
const arrivals = flights.groupBy((_, flight) => flight.to, { key: string(), name: 'by-destination' }).count()
assert.deepEqual(results(arrivals), ['JFK: 1', 'JFK: 2', 'LGA: 1', 'SFO: 1'])
  },
  'KStream.groupByKey': () => {
    const { clicks, results } = setting()
assert.deepEqual(results(clicks.groupByKey().count()), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 3'])
  },
  'KStream.to': () => {
    const { builder, flights, clicks, sent } = setting()
flights.mapValues((flight) => flight.delay).to('delays', { value: int32() })
clicks.to((_, page) => `clicks-${page}`)
const topology = builder.build()
assert.deepEqual(sent(topology, 'delays', { key: string(), value: int32() }), [
  'SFO: 20', 'LGA: 0', 'SFO: 45', 'LGA: 5',
])
assert.deepEqual(sent(topology, 'clicks-cart', { key: string(), value: string() }), ['ann: cart'])
  },
  'KStreamAnalytics.deduplicate': () => {
    const { clicks, results } = setting()
const visits = clicks.deduplicate({ within: '30m', id: (page) => page, idSerde: string(), store: 'visited' })
assert.deepEqual(results(visits), ['ann: home', 'ann: cart', 'bob: home', 'ann: home'])
const users = clicks.deduplicate({ within: '30m' })
assert.deepEqual(results(users), ['ann: home', 'bob: home', 'ann: home'])
  },
  'KStreamAnalytics.intervalJoin': () => {
    const { clicks, orders, payments, results } = setting()
const quick = orders.intervalJoin(payments, (ordered, paid) => ordered - paid, JoinInterval.between(0, '5m'))
assert.deepEqual(results(quick), ['ann: 20'])
const before = orders.intervalJoin(clicks, (sum, page) => `${page} ${sum}`, JoinInterval.between('-30m', 0))
assert.deepEqual(results(before), ['ann: home 30'])
  },
  'KStreamAnalytics.asOfJoin': () => {
    const { clicks, orders, results } = setting()
const bought = orders.asOfJoin(clicks, (sum, page) => `${sum} after ${page}`, { historyRetention: '1h' })
assert.deepEqual(results(bought), ['ann: 30 after home'])
const versions = clicks.toTable({ store: 'pages', historyRetention: '1h' })
const at = orders.asOfJoin(versions, (sum, page) => `${sum} after ${page}`, { tolerance: '30s' })
assert.deepEqual(results(at), [])
  },
  'KStreamAnalytics.leftAsOfJoin': () => {
    const { orders, payments, results } = setting()
const payments30s = payments.leftAsOfJoin(orders, (paid, ordered) => `${paid} of ${ordered}`, {
  historyRetention: '1h',
  tolerance: '30s',
})
assert.deepEqual(results(payments30s), ['ann: 10 of null'])
  },
  'KTable.toStream': () => {
    const { airports, clicks, results } = setting()
const cities = airports.toStream().mapValues((airport) => airport?.city)
assert.deepEqual(results(cities), ['JFK: New York', 'LGA: New York', 'SFO: San Francisco'])
const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h')).count()
assert.deepEqual(results(perHour.toStream(({ key }) => key)), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 1'])
  },
  'KTable.filter': () => {
    const { airports, results } = setting()
const large = airports.filter((_, airport) => airport.runways > 2, { store: 'large-airports' })
assert.deepEqual(results(large.mapValues((airport) => airport.city)), ['JFK: New York', 'SFO: San Francisco'])
  },
  'KTable.filterNot': () => {
    const { airports, results } = setting()
const small = airports.filterNot((_, airport) => airport.runways > 2)
assert.deepEqual(results(small.mapValues((airport) => airport.city)), ['LGA: New York'])
  },
  'KTable.mapValues': () => {
    const { airports, results } = setting()
const cities = airports.mapValues((airport) => airport.city, { store: 'cities', value: string() })
assert.deepEqual(results(cities), ['JFK: New York', 'LGA: New York', 'SFO: San Francisco'])
  },
  'KTable.transformValues': () => {
    const { airports, results } = setting()
const named = airports.transformValues(() => ({
  transform: (code, airport) => (airport === null ? null : `${airport.city} (${code})`),
}))
assert.deepEqual(results(named), ['JFK: New York (JFK)', 'LGA: New York (LGA)', 'SFO: San Francisco (SFO)'])
  },
  'KTable.suppress': () => {
    const { clicks, results } = setting()
const final = clicks
  .groupByKey()
  .windowedBy(TumblingWindows.of('30m'))
  .count()
  .suppress(Suppressed.untilWindowCloses(), { name: 'final-clicks' })
assert.deepEqual(results(final), ['ann 0s-30m: 2', 'bob 0s-30m: 1'])
  },
  'KTable.join': () => {
    const { flights, airports, results } = setting()
const lastFlights = flights.toTable()
const arrivals = lastFlights.join(airports, (flight) => flight.to, (flight, { city }) => `${city} +${flight.delay}`)
assert.deepEqual(results(arrivals), [
  'SFO: New York +20', 'LGA: New York +0', 'SFO: New York +45', 'LGA: San Francisco +5',
])
  },
  'KTable.join 2': () => {
    const { flights, airports, results } = setting()
const delays = flights.groupByKey().aggregate(() => 0, (_, flight, sum) => sum + flight.delay, { value: int32() })
const perCity = airports.join(delays, (airport, delay) => `${airport.city} ${delay}`)
assert.deepEqual(results(perCity), [
  'SFO: San Francisco 20', 'LGA: New York 0', 'SFO: San Francisco 65', 'LGA: New York 5',
])
  },
  'KTable.leftJoin': () => {
    const { flights, airports, results } = setting()
const large = airports.filter((_, airport) => airport.runways > 2)
const arrivals = flights.toTable().leftJoin(
  large,
  (flight) => flight.to,
  (flight, airport) => `${flight.to} ${airport?.city}`,
)
assert.deepEqual(results(arrivals), [
  'SFO: JFK New York', 'LGA: JFK New York', 'SFO: LGA undefined', 'LGA: SFO San Francisco',
])
  },
  'KTable.leftJoin 2': () => {
    const { flights, airports, results } = setting()
const counts = flights.groupByKey().count()
const perCity = airports.leftJoin(counts, (airport, count) => `${airport.city} ${count}`)
assert.deepEqual(results(perCity).slice(0, 4), [
  'JFK: New York null', 'LGA: New York null', 'SFO: San Francisco null', 'SFO: San Francisco 1',
])
  },
  'KTable.outerJoin': () => {
    const { builder, results } = setting()
const german = builder.table('arrivals-de', { key: string(), value: string() })
const french = builder.table('arrivals-fr', { key: string(), value: string() })
const both = german.outerJoin(french, (de, fr) => `${de}/${fr}`)
assert.deepEqual(results(both), ['BER: LH1/null', 'CDG: null/AF1'])
  },
  'KTable.groupBy': () => {
    const { airports, results } = setting()
const perCity = airports
  .groupBy((_, airport) => [airport.city, airport.runways], { key: string(), value: int32() })
  .reduce(
    (sum, runways) => sum + runways,
    (sum, runways) => sum - runways,
  )
assert.deepEqual(results(perCity), ['New York: 4', 'New York: 6', 'San Francisco: 4'])
  },
  'SessionWindowedKStream.emitStrategy': () => {
    const { clicks, results } = setting()
const visits = clicks
  .groupByKey()
  .windowedBy(SessionWindows.of('15m'))
  .emitStrategy('onWindowClose')
  .count({ store: 'visits' })
assert.deepEqual(results(visits), ['ann 0s-5m: 2', 'bob 20m-20m: 1'])
  },
  'SessionWindowedKStream.trigger': () => {
    const { clicks, results } = setting()
const visits = clicks
  .groupByKey()
  .windowedBy(SessionWindows.of('15m'))
  .trigger(Triggers.eventTime())
  .count()
assert.deepEqual(results(visits), ['ann 0s-5m: 2', 'bob 20m-20m: 1'])
  },
  'SessionWindowedKStream.count': () => {
    const { clicks, results } = setting()
const visits = clicks.groupByKey().windowedBy(SessionWindows.of('30m')).count({ store: 'visits' })
assert.deepEqual(results(visits), [
  'ann 0s-0s: 1', 'ann 0s-0s: null', 'ann 0s-5m: 2', 'bob 20m-20m: 1', 'ann 1h-1h: 1',
])
  },
  'SessionWindowedKStream.reduce': () => {
    const { clicks, results } = setting()
const paths = clicks
  .groupByKey()
  .windowedBy(SessionWindows.of('30m'))
  .reduce((path, page) => `${path}, ${page}`)
assert.equal(results(paths)[2], 'ann 0s-5m: home, cart')
  },
  'SessionWindowedKStream.aggregate': () => {
    const { clicks, results } = setting()
const letters = clicks
  .groupByKey()
  .windowedBy(SessionWindows.of('30m').grace('5m'))
  .aggregate(
    () => 0,
    (_, page, letters) => letters + page.length,
    (_, left, right) => left + right,
    { store: 'letters', value: int64() },
  )
assert.equal(results(letters)[2], 'ann 0s-5m: 8')
  },
  'StreamsBuilder': () => {
    const { flights, sent } = setting()
const builder = new StreamsBuilder()
builder
  .stream('flights', { key: string(), value: json<Flight>() })
  .groupBy((_, flight) => flight.to, { key: string() })
  .count({ store: 'arrivals' })
  .toStream()
  .to('arrivals-per-airport')
const topology = builder.build()
assert.deepEqual(sent(topology, 'arrivals-per-airport', { key: string(), value: int64() }), [
  'JFK: 1', 'JFK: 2', 'LGA: 1', 'SFO: 1',
])
  },
  'StreamsBuilder.stream': () => {
    const { builder, results } = setting()
const arrivals = builder.stream(/arrivals-.+/, {
  key: string(),
  value: string(),
  timestamp: (record) => record.timestamp + 3_600_000,
})
assert.deepEqual(results(arrivals), ['BER: LH1', 'CDG: AF1'])
  },
  'StreamsBuilder.table': () => {
    const { builder, results } = setting()
const arrivals = builder.table('arrivals-de', { key: string(), value: string(), store: 'arrivals' })
assert.deepEqual(results(arrivals), ['BER: LH1'])
  },
  'StreamsBuilder.globalTable': () => {
    const { builder, clicks, results } = setting()
const pages = builder.globalTable('pages', { key: string(), value: string(), store: 'pages' })
const titles = clicks.leftJoin(
  pages,
  (_, page) => page,
  (page, title) => title ?? page,
)
assert.deepEqual(results(titles), ['ann: Home', 'ann: Your cart', 'bob: Home', 'ann: Home'])
  },
  'StreamsBuilder.addGlobalStore': () => {
    const { builder, clicks, results } = setting()
const lengths = Stores.keyValue('lengths', { key: string(), value: int32() })
builder.addGlobalStore(lengths, 'pages', { key: string(), value: string() }, () => {
  let context: ProcessorContext<never, never>
  return {
    init(given: ProcessorContext<never, never>) {
      context = given
    },
    process({ key, value }) {
      context.store(lengths).put(key, value.length)
    },
  }
})
const titleLengths = clicks.process(() => {
  let context: ProcessorContext<string, number | undefined>
  return {
    init(given: ProcessorContext<string, number | undefined>) {
      context = given
    },
    process(record) {
      context.forward({ ...record, value: context.store(lengths).get(record.value) })
    },
  }
})
assert.deepEqual(results(titleLengths), ['ann: 4', 'ann: 9', 'bob: 4', 'ann: 4'])
  },
  'StreamsBuilder.addStateStore': () => {
    const { builder, clicks, results } = setting()
const totals = Stores.keyValue('totals', { key: string(), value: int64() })
builder.addStateStore(totals)
const counted = clicks.process(
  () => {
    let context: ProcessorContext<string, number>
    return {
      init(given: ProcessorContext<string, number>) {
        context = given
      },
      process(record) {
        const store = context.store(totals)
        const total = (store.get(record.key) ?? 0) + 1
        store.put(record.key, total)
        context.forward({ ...record, value: total })
      },
    }
  },
  { stores: [totals] },
)
assert.deepEqual(results(counted), ['ann: 1', 'ann: 2', 'bob: 1', 'ann: 3'])
  },
  'StreamsBuilder.addReadOnlyStateStore': () => {
    const { builder, clicks, results } = setting()
const titles = Stores.keyValue('titles', { key: string(), value: string() })
builder.addReadOnlyStateStore(titles, 'pages')
const titled = clicks
  .map((_, page) => [page, page])
  .repartition({ key: string(), value: string() })
  .processValues(
    () => {
      let context: FixedKeyProcessorContext<string>
      return {
        init(given: FixedKeyProcessorContext<string>) {
          context = given
        },
        process(record: ForwardedRecord<string, string>) {
          context.forward({ ...record, value: context.store(titles).get(record.key) ?? 'none' })
        },
      }
    },
    { stores: [titles] },
  )
assert.deepEqual(results(titled), ['home: Home', 'cart: Your cart', 'home: Home', 'home: Home'])
  },
  'StreamsBuilder.build': () => {
    const { builder, clicks, sent } = setting()
clicks.to('copy')
const topology = builder.build()
assert.equal(sent(topology, 'copy', { key: string(), value: string() })[0], 'ann: home')
  },
  'Suppressed.untilWindowCloses': () => {
    const { clicks, results } = setting()
const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h')).count()
const final = perHour.suppress(Suppressed.untilWindowCloses({ maxRecords: 100_000 }))
assert.deepEqual(results(final), ['ann 0s-1h: 2', 'bob 0s-1h: 1'])
  },
  'Suppressed.untilTimeLimit': () => {
    const { clicks, results } = setting()
const counts = clicks.groupByKey().count()
const calm = counts.suppress(Suppressed.untilTimeLimit('10m', { maxRecords: 100_000 }))
assert.deepEqual(results(calm), ['ann: 2', 'bob: 1'])
  },
  'TimeWindowedKStream.emitStrategy': () => {
    const { clicks, results } = setting()
const final = clicks
  .groupByKey()
  .windowedBy(TumblingWindows.of('30m'))
  .emitStrategy('onWindowClose')
  .count({ store: 'clicks' })
assert.deepEqual(results(final), ['ann 0s-30m: 2', 'bob 0s-30m: 1'])
  },
  'TimeWindowedKStream.trigger': () => {
    const { clicks, results } = setting()
const visits = clicks
  .groupByKey()
  .windowedBy(TumblingWindows.of('30m'))
  .trigger(Triggers.eventTime())
  .count()
assert.deepEqual(results(visits), ['ann 0s-30m: 2', 'bob 0s-30m: 1'])
  },
  'TimeWindowedKStream.count': () => {
    const { clicks, results } = setting()
const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h')).count({ store: 'clicks-per-hour' })
assert.deepEqual(results(perHour), ['ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 1h-2h: 1'])
  },
  'TimeWindowedKStream.reduce': () => {
    const { flights, results } = setting()
const worst = flights
  .mapValues((flight) => flight.delay)
  .groupByKey({ value: int32() })
  .windowedBy(TumblingWindows.of('1d'))
  .reduce((max, delay) => Math.max(max, delay))
assert.deepEqual(results(worst), ['SFO 0s-1d: 20', 'LGA 0s-1d: 0', 'SFO 0s-1d: 45', 'LGA 0s-1d: 5'])
  },
  'TimeWindowedKStream.aggregate': () => {
    const { flights, results } = setting()
const delays = flights
  .groupByKey()
  .windowedBy(TumblingWindows.of('1h').grace('10m'))
  .aggregate(
    () => 0,
    (_, flight, delay) => delay + flight.delay,
    { store: 'delays', value: int64() },
  )
assert.deepEqual(results(delays), ['SFO 0s-1h: 20', 'LGA 0s-1h: 0', 'SFO 0s-1h: 65', 'LGA 1h-2h: 5'])
  },
  'TopologyBuilder': () => {
    const { clicks, sent } = setting()
const totals = Stores.keyValue('totals', { key: string(), value: int64() })

class Count implements Processor<string, string, string, number> {
  private context!: ProcessorContext<string, number>

  init(context: ProcessorContext<string, number>) {
    this.context = context
  }

  process(record: ProcessorRecord<string, string>) {
    const store = this.context.store(totals)
    const total = (store.get(record.key) ?? 0) + 1
    store.put(record.key, total)
    this.context.forward({ ...record, value: total })
  }
}

const topology = new TopologyBuilder()
  .addSource('clicks', 'clicks', { key: string(), value: string() })
  .addProcessor('count', () => new Count(), ['clicks'])
  .addStateStore(totals, ['count'])
  .addSink('out', 'counts', ['count'], { key: string(), value: int64() })
  .build()
assert.deepEqual(sent(topology, 'counts', { key: string(), value: int64() }), [
  'ann: 1', 'ann: 2', 'bob: 1', 'ann: 3',
])
  },
  'TopologyBuilder.addSource': () => {
    const { clicks, sent } = setting()
const topology = new TopologyBuilder()
  .addSource('clicks', 'clicks', { key: string(), value: string() })
  .addSink('copy', 'copy', ['clicks'], { key: string(), value: string() })
  .build()
assert.equal(sent(topology, 'copy', { key: string(), value: string() }).length, 4)
  },
  'TopologyBuilder.addProcessor': () => {
    const { clicks, sent } = setting()
const upperCase = (): Processor<string, string, string, string> => {
  let context: ProcessorContext<string, string>
  return {
    init(given) {
      context = given
    },
    process(record) {
      context.forward({ ...record, value: record.value.toUpperCase() })
    },
  }
}
const topology = new TopologyBuilder()
  .addSource('clicks', 'clicks', { key: string(), value: string() })
  .addProcessor('upper-case', upperCase, ['clicks'])
  .addSink('out', 'out', ['upper-case'], { key: string(), value: string() })
  .build()
assert.equal(sent(topology, 'out', { key: string(), value: string() })[0], 'ann: HOME')
  },
  'TopologyBuilder.addSink': () => {
    const { clicks, sent } = setting()
const topology = new TopologyBuilder()
  .addSource('clicks', 'clicks', { key: string(), value: string() })
  .addSink('by-page', (_, page: string) => `clicks-${page}`, ['clicks'], { key: string(), value: string() })
  .build()
assert.deepEqual(sent(topology, 'clicks-cart', { key: string(), value: string() }), ['ann: cart'])
  },
  'TopologyBuilder.addStateStore': () => {
    const { clicks } = setting()
const pages = Stores.keyValue('pages', { key: string(), value: string() })
const keepPage = (): Processor<string, string, never, never> => {
  let context: ProcessorContext<never, never>
  return {
    init(given) {
      context = given
    },
    process({ key, value }) {
      context.store(pages).put(key, value)
    },
  }
}
const topology = new TopologyBuilder()
  .addSource('clicks', 'clicks', { key: string(), value: string() })
  .addProcessor('keep', keepPage, ['clicks'])
  .addStateStore(pages, ['keep'])
  .build()
assert.deepEqual(topology.subTopologies[0]?.stores.map(({ name }) => name), ['pages'])
  },
  'TopologyBuilder.build': () => {
    const { clicks } = setting()
const topology = new TopologyBuilder()
  .addSource('clicks', 'clicks', { key: string(), value: string() })
  .build()
assert.equal(topology.subTopologies.length, 1)
  },
  'ElementWindowedKStream.apply': () => {
    const { clicks, results } = setting()
const paths = clicks
  .groupByKey()
  .windowedBy(TumblingWindows.of('30m'))
  .trigger(Triggers.eventTime())
  .apply((user, pages) => `${user}: ${pages.join(' -> ')}`)
assert.deepEqual(results(paths), ['ann 0s-30m: ann: home -> cart', 'bob 0s-30m: bob: home'])
  },
  'TriggeredKStream.evict': () => {
    const { clicks, results } = setting()
const lastTwo = clicks
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.count(1))
  .evict(Evictors.count(2))
  .apply((_, pages) => pages.join(', '))
assert.deepEqual(results(lastTwo.selectKey(({ key }) => key)), ['ann: home', 'ann: home, cart', 'bob: home', 'ann: cart, home'])
  },
  'Triggers.eventTime': () => {
    const { clicks, results } = setting()
const perHour = clicks
  .groupByKey()
  .windowedBy(TumblingWindows.of('30m'))
  .trigger(Triggers.eventTime({ early: Triggers.count(1) }))
  .count()
assert.deepEqual(results(perHour), ['ann 0s-30m: 1', 'ann 0s-30m: 2', 'bob 0s-30m: 1', 'ann 1h-90m: 1', 'ann 0s-30m: 2', 'bob 0s-30m: 1'])
  },
  'Triggers.count': () => {
    const { clicks, results } = setting()
const pairs = clicks.groupByKey().windowedBy(GlobalWindows.of()).trigger(Triggers.count(2)).count()
assert.deepEqual(results(pairs.selectKey(({ key }) => key)), ['ann: 2'])
  },
  'Triggers.delta': () => {
    const { flights, results } = setting()
const jumps = flights
  .mapValues(({ delay }) => delay)
  .groupByKey({ value: int32() })
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.delta(30, (last: number, delay) => delay - last, { value: int32() }))
  .reduce((_, delay) => delay)
assert.deepEqual(results(jumps.selectKey(({ key }) => key)), [])
  },
  'Triggers.processingTimeout': () => {
    const { clicks, results } = setting()
const batches = clicks
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.purging(Triggers.processingTimeout(Triggers.count(2), '5s')))
  .reduce((one, other) => `${one}, ${other}`)
assert.deepEqual(results(batches.selectKey(({ key }) => key)), ['ann: home, cart'])
  },
  'Triggers.purging': () => {
    const { clicks, results } = setting()
const pairs = clicks
  .groupByKey()
  .windowedBy(GlobalWindows.of())
  .trigger(Triggers.purging(Triggers.count(2)))
  .reduce((one, other) => `${one}, ${other}`)
assert.deepEqual(results(pairs.selectKey(({ key }) => key)), ['ann: home, cart'])
  },
  'Stores': () => {
    const { flights, results } = setting()
const totals = Stores.keyValue('totals', { key: string(), value: int64() })
const delays = flights.process(
  () => {
    let context: ProcessorContext<string, number>
    let store: KeyValueStore<string, number>
    return {
      init(given: ProcessorContext<string, number>) {
        context = given
        store = given.store(totals)
      },
      process(record) {
        const total = (store.get(record.key) ?? 0) + record.value.delay
        store.put(record.key, total)
        context.forward({ ...record, value: total })
      },
    }
  },
  { stores: [totals] },
)
assert.deepEqual(results(delays), ['SFO: 20', 'LGA: 0', 'SFO: 65', 'LGA: 5'])
  },
  'Stores.keyValue': () => {
    const { clicks, results } = setting()
const store = Stores.keyValue('store', { key: string(), value: string() })
const read = clicks.process(
  () => {
    let context: ProcessorContext<string, string>
    return {
      init(given: ProcessorContext<string, string>) {
        context = given
      },
      process(record) {
        const rows = context.store(store)
        rows.put(record.value, record.key)
        const users = [...rows.all()].map(([page, user]) => `${page} by ${user}`)
        context.forward({ ...record, value: users.join(' and ') })
      },
    }
  },
  { stores: [store] },
)
assert.deepEqual(results(read), [
  'ann: home by ann',
  'ann: cart by ann and home by ann',
  'bob: cart by ann and home by bob',
  'ann: cart by ann and home by ann',
])
  },
  'Stores.timestampedKeyValue': () => {
    const { clicks, results } = setting()
const store = Stores.timestampedKeyValue('store', { key: string(), value: string() })
const read = clicks.process(
  () => {
    let context: ProcessorContext<string, string>
    return {
      init(given: ProcessorContext<string, string>) {
        context = given
      },
      process(record) {
        const rows = context.store(store)
        const last = rows.get(record.key)?.timestamp
        rows.put(record.key, { value: record.value, timestamp: record.timestamp })
        context.forward({ ...record, value: last === undefined ? 'never' : `${last / 60_000} min` })
      },
    }
  },
  { stores: [store] },
)
assert.deepEqual(results(read), ['ann: never', 'ann: 0 min', 'bob: never', 'ann: 5 min'])
  },
  'Stores.window': () => {
    const { clicks, results } = setting()
const store = Stores.window('store', { key: string(), value: string(), windowSize: '1h', retention: '1d' })
const read = clicks.process(
  () => {
    let context: ProcessorContext<string, string>
    return {
      init(given: ProcessorContext<string, string>) {
        context = given
      },
      process(record) {
        const rows = context.store(store)
        rows.put(record.key, record.value, record.timestamp)
        const recent = [...rows.fetch(record.key, record.timestamp - 600_000, record.timestamp)]
        context.forward({ ...record, value: recent.map(([, page]) => page).join(', ') })
      },
    }
  },
  { stores: [store] },
)
assert.deepEqual(results(read), ['ann: home', 'ann: home, cart', 'bob: home', 'ann: home'])
  },
  'Stores.timestampedWindow': () => {
    const { clicks, results } = setting()
const hourly = { key: string(), value: string(), windowSize: '1h', retention: '1d' } as const
const store = Stores.timestampedWindow('store', hourly)
const read = clicks.process(
  () => {
    let context: ProcessorContext<string, string>
    return {
      init(given: ProcessorContext<string, string>) {
        context = given
      },
      process(record) {
        const rows = context.store(store)
        const hour = record.timestamp - (record.timestamp % 3_600_000)
        const last = rows.get(record.key, hour)?.timestamp
        rows.put(record.key, { value: record.value, timestamp: record.timestamp }, hour)
        context.forward({ ...record, value: last === undefined ? 'never' : `${last / 60_000} min` })
      },
    }
  },
  { stores: [store] },
)
assert.deepEqual(results(read), ['ann: never', 'ann: 0 min', 'bob: never', 'ann: never'])
  },
  'Stores.session': () => {
    const { clicks, results } = setting()
const store = Stores.session('store', { key: string(), value: string(), retention: '1d' })
const read = clicks.process(
  () => {
    let context: ProcessorContext<string, string>
    return {
      init(given: ProcessorContext<string, string>) {
        context = given
      },
      process(record) {
        const { key, value, timestamp } = record
        const sessions = context.store(store)
        let start = timestamp
        for (const [session] of [...sessions.find(key, timestamp - 600_000, timestamp + 600_000)]) {
          start = Math.min(start, session.start)
          sessions.delete(key, session)
        }
        sessions.put(key, { start, end: timestamp }, value)
        const { length } = [...sessions.fetchRange(undefined, undefined)]
        context.forward({ ...record, value: `since ${start / 60_000} min, one of ${length}` })
      },
    }
  },
  { stores: [store] },
)
assert.deepEqual(results(read), [
  'ann: since 0 min, one of 1',
  'ann: since 0 min, one of 1',
  'bob: since 20 min, one of 2',
  'ann: since 60 min, one of 3',
])
  },
  'Stores.versioned': () => {
    const { clicks, results } = setting()
const store = Stores.versioned('store', { key: string(), value: string(), historyRetention: '1d' })
const read = clicks.process(
  () => {
    let context: ProcessorContext<string, string>
    return {
      init(given: ProcessorContext<string, string>) {
        context = given
      },
      process(record) {
        const pages = context.store(store)
        pages.put(record.key, record.value, record.timestamp)
        const before = pages.get(record.key, record.timestamp - 1)
        context.forward({ ...record, value: `${record.value} after ${before?.value}` })
      },
    }
  },
  { stores: [store] },
)
assert.deepEqual(results(read), [
  'ann: home after undefined',
  'ann: cart after home',
  'bob: home after undefined',
  'ann: home after cart',
])
  },
  'Topology.describe': () => {
    const { flights } = setting()
const copies = new StreamsBuilder()
copies.stream('flights', { key: string(), value: bytes() }).to('copy')
assert.equal(copies.build().describe(), `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [flights])
      --> KSTREAM-SINK-0000000001
    Sink: KSTREAM-SINK-0000000001 (topic: copy)
      <-- KSTREAM-SOURCE-0000000000

`)
  },
  'CountWindows': () => {
    const { clicks, results } = setting()
const pairs = clicks
  .groupByKey()
  .windowedBy(CountWindows.of(2))
  .reduce((path, page) => `${path}, ${page}`, { store: 'pairs' })
assert.deepEqual(results(pairs), ['ann: home, cart'])
  },
  'CountWindows.of': () => {
assert.equal(CountWindows.of(100).advance, 100)
  },
  'CountWindows.advanceBy': () => {
assert.equal(CountWindows.of(100).advanceBy(10).advance, 10)
  },
  'GlobalWindows': () => {
    const { clicks, results } = setting()
const everySecond = clicks.groupByKey().windowedBy(GlobalWindows.of()).trigger(Triggers.count(2)).count()
assert.deepEqual(results(everySecond.selectKey(({ key }) => key)), ['ann: 2'])
  },
  'GlobalWindows.of': () => {
assert.equal(GlobalWindows.of().window.start, 0)
  },
  'HoppingWindows': () => {
    const { clicks, results } = setting()
// Every half hour, the clicks of the last hour.
const counts = clicks.groupByKey().windowedBy(HoppingWindows.of('1h').advanceBy('30m')).count()
assert.deepEqual(results(counts), [
  'ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 30m-90m: 1', 'ann 1h-2h: 1',
])
  },
  'HoppingWindows.of': () => {
const { size, advance } = HoppingWindows.of('10m')
assert.deepEqual([size, advance], [600_000, 600_000])
  },
  'HoppingWindows.advanceBy': () => {
assert.equal(HoppingWindows.of('10m').advanceBy('1m').advance, 60_000)
  },
  'HoppingWindows.grace': () => {
assert.equal(HoppingWindows.of('10m').advanceBy('1m').grace('5m').retention, 900_000)
  },
  'HoppingWindows.firstStart': () => {
assert.equal(HoppingWindows.of('10m').advanceBy('5m').firstStart(1_500_000), 1_200_000)
  },
  'JoinInterval': () => {
    const { orders, payments, results } = setting()
// A payment is for an order of up to ten minutes before, and never comes in the minute of the order.
const interval = JoinInterval.between('1m', '10m').lowerExclusive()
const paid = orders.intervalJoin(payments, (ordered, paid) => ordered - paid, interval)
assert.deepEqual(results(paid), [])
  },
  'JoinInterval.between': () => {
assert.equal(JoinInterval.between('-5m', '1m').size, 360_000)
  },
  'JoinInterval.lowerExclusive': () => {
assert.equal(JoinInterval.between(0, '1s').lowerExclusive().lowerMs, 1)
  },
  'JoinInterval.upperExclusive': () => {
assert.equal(JoinInterval.between(0, '1s').upperExclusive().upperMs, 999)
  },
  'JoinInterval.grace': () => {
assert.equal(JoinInterval.between(0, '1m').grace('5s').graceMs, 5_000)
  },
  'JoinWindows': () => {
    const { orders, payments, results } = setting()
// A payment may come up to ten minutes after the order that it is for.
const windows = JoinWindows.of(0).after('10m').grace('1m')
const open = orders.join(payments, (ordered, paid) => ordered - paid, windows)
assert.deepEqual(results(open), ['ann: 20'])
  },
  'JoinWindows.of': () => {
assert.equal(JoinWindows.of('10s').size, 20_000)
  },
  'JoinWindows.before': () => {
assert.equal(JoinWindows.of('10s').before(0).beforeMs, 0)
  },
  'JoinWindows.after': () => {
assert.equal(JoinWindows.of('10s').after('1m').afterMs, 60_000)
  },
  'JoinWindows.grace': () => {
assert.equal(JoinWindows.of('10s').grace('1m').retention, 80_000)
  },
  'SessionWindows': () => {
    const { clicks, results } = setting()
const visits = clicks.groupByKey().windowedBy(SessionWindows.of('30m').grace('5m')).count()
assert.equal(results(visits)[2], 'ann 0s-5m: 2')
  },
  'SessionWindows.of': () => {
assert.equal(SessionWindows.of('30m').gap, 1_800_000)
  },
  'SessionWindows.grace': () => {
assert.equal(SessionWindows.of('30m').grace('5m').retention, 2_100_000)
  },
  'SlidingWindows': () => {
    const { clicks, results } = setting()
// How many clicks there were within any ten minutes.
const counts = clicks.groupByKey().windowedBy(SlidingWindows.of('10m')).count()
assert.equal(results(counts)[2], 'ann 0s-10m: 2')
  },
  'SlidingWindows.of': () => {
assert.equal(SlidingWindows.of('10s').timeDifference, 10_000)
  },
  'SlidingWindows.grace': () => {
assert.equal(SlidingWindows.of('10s').grace('1m').retention, 80_000)
  },
  'TumblingWindows': () => {
    const { clicks, results } = setting()
const counts = clicks.groupByKey().windowedBy(TumblingWindows.of('1h').grace('10m')).count()
assert.deepEqual(results(counts), ['ann 0s-1h: 1', 'ann 0s-1h: 2', 'bob 0s-1h: 1', 'ann 1h-2h: 1'])
  },
  'TumblingWindows.of': () => {
assert.equal(TumblingWindows.of('10m').size, 600_000)
  },
  'TumblingWindows.grace': () => {
assert.equal(TumblingWindows.of('10m').grace('5m').retention, 900_000)
  },
  'TumblingWindows.firstStart': () => {
assert.equal(TumblingWindows.of('10m').firstStart(1_500_000), 1_200_000)
  },
  'UnlimitedWindows': () => {
    const { clicks, results } = setting()
const counts = clicks.groupByKey().windowedBy(UnlimitedWindows.of().startOn(300_000)).count()
assert.deepEqual(results(counts), ['ann 5m-...: 1', 'bob 5m-...: 1', 'ann 5m-...: 2'])
  },
  'UnlimitedWindows.of': () => {
assert.equal(UnlimitedWindows.of().start, 0)
  },
  'UnlimitedWindows.startOn': () => {
assert.equal(UnlimitedWindows.of().startOn(Date.parse('2026-01-01T00:00:00Z')).start, 1_767_225_600_000)
  },
  'UnlimitedWindows.firstStart': () => {
assert.equal(UnlimitedWindows.of().startOn(60_000).firstStart(), 60_000)
  },
}

/** Those that need a cluster: that they compile is all that is tried. */
export const CLUSTER_EXAMPLES: Readonly<Record<string, () => Promise<void>>> = {
  'KafkaStreams': async () => {
    const { builder } = setting()
await using streams = new KafkaStreams(builder.build(), { applicationId: 'delays', brokers: ['localhost:9092'] })
await streams.start()
  },
  'KafkaStreams.versionedStore': async () => {
    const { builder } = setting()
builder.table('prices', { key: string(), value: int32(), store: 'prices', historyRetention: '30d' })
await using streams = new KafkaStreams(builder.build(), { applicationId: 'prices', brokers: ['localhost:9092'] })
await streams.start()
const atNewYear = await streams.versionedStore<string, number>('prices').get('tea', Date.UTC(2026, 0, 1))
assert.equal(atNewYear?.value, 3)
  },
}
