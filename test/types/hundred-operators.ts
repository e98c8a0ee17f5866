/**
 * A topology of more than a hundred operators of all kinds, as a large application has one: what it costs to check it
 * is bounded by hundred-operators.test.ts.
 */
import {
  HoppingWindows,
  int32,
  int64,
  JoinWindows,
  json,
  type ProcessorContext,
  SessionWindows,
  SlidingWindows,
  Stores,
  StreamsBuilder,
  Suppressed,
  string,
  TumblingWindows,
  UnlimitedWindows,
  type Windowed,
  windowed,
} from 'millrace'

interface Order {
  readonly id: string
  readonly customer: string
  readonly store: string
  readonly lines: readonly { readonly item: string; readonly quantity: number; readonly price: number }[]
  readonly coupon: string | null
}

interface Payment {
  readonly order: string
  readonly amount: number
  readonly method: 'card' | 'cash' | 'invoice'
}

interface Customer {
  readonly name: string
  readonly country: string
  readonly segment: 'new' | 'regular' | 'vip'
}

interface Item {
  readonly title: string
  readonly supplier: string
  readonly stock: number
}

interface Click {
  readonly page: string
  readonly seconds: number
}

interface Sales {
  readonly orders: number
  readonly revenue: number
}

const builder = new StreamsBuilder()
const orders = builder.stream('orders', { key: string(), value: json<Order>() })
const payments = builder.stream('payments', { key: string(), value: json<Payment>() })
const clicks = builder.stream<string, Click | null>('clicks', { key: string(), value: json<Click>() })
const customers = builder.table('customers', { key: string(), value: json<Customer>(), store: 'customers' })
const items = builder.table('items', { key: string(), value: json<Item>(), store: 'items' })
const countries = builder.globalTable('countries', { key: string(), value: string() })

// Stateless, in chains.
const revenue = (order: Order): number =>
  order.lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0)
const valid = orders
  .filter((_, order) => order.lines.length > 0)
  .filterNot((_, order) => order.coupon === 'TEST')
  .peek((key, order) => key === order.id)
  .mapValues((order) => ({ ...order, revenue: revenue(order) }))
const byCustomer = valid.selectKey((_, order) => order.customer)
const lines = valid.flatMapValues((order) => order.lines.map((line) => ({ ...line, order: order.id })))
const byItem = lines.map((_, line) => [line.item, line])
const labels = valid
  .flatMap((key, order) => [
    [key, order.customer],
    [order.store, order.customer],
  ])
  .mapValues((customer, key) => `${key}/${customer}`)
  .filter((key) => key !== '')
  .repartition({ key: string(), value: string(), partitions: 4 })
labels.merge(labels.mapValues((label) => label.toUpperCase())).to('labels', { value: string() })

// Branches.
const {
  large,
  couponed,
  default: ordinary,
} = valid
  .split()
  .branch((_, order) => order.revenue > 1_000, { name: 'large' })
  .branch((_, order) => order.coupon !== null, { name: 'couponed' })
  .defaultBranch()
large.mapValues((order) => order.revenue).to('large-orders', { value: int32() })
couponed.mapValues((order) => order.coupon ?? '').to('coupons', { value: string() })
ordinary.mapValues(({ id }) => ({ id })).to('ordinary-orders', { value: json<{ readonly id: string }>() })
const { card, cash, invoice } = payments
  .split()
  .branch((_, payment) => payment.method === 'card', { name: 'card' })
  .branch((_, payment) => payment.method === 'cash', { name: 'cash' })
  .branch((_, payment) => payment.method === 'invoice', { name: 'invoice' })
  .noDefaultBranch()
card
  .merge(cash)
  .filter((_, { amount }) => amount > 0)
  .merge(invoice)
  .to('paid')

// Aggregations, without windows and with each kind of them.
const ordersPerCustomer = byCustomer
  .groupByKey({ key: string(), value: json<Order & { readonly revenue: number }>() })
  .count({ store: 'orders-per-customer' })
const salesPerStore = valid
  .groupBy((_, order) => order.store, { key: string(), value: json<Order & { readonly revenue: number }>() })
  .aggregate(
    (): Sales => ({ orders: 0, revenue: 0 }),
    (_, order, sales) => ({ orders: sales.orders + 1, revenue: sales.revenue + order.revenue }),
    { store: 'sales-per-store', value: json<Sales>() },
  )
const quantities = byItem
  .mapValues(({ quantity }) => quantity)
  .groupByKey({ key: string(), value: int32() })
  .reduce((left, right) => left + right, { store: 'quantities' })
const visits = clicks.filter((_, click) => click !== null).mapValues((click) => click?.seconds ?? 0)
const perVisitor = visits.groupByKey({ value: int32() })
const tumbling = perVisitor.windowedBy(TumblingWindows.of('1h').grace('5m')).count({ store: 'tumbling' })
const hopping = perVisitor
  .windowedBy(HoppingWindows.of('1h').advanceBy('10m'))
  .reduce((left, right) => left + right, { store: 'hopping', value: int32() })
const sliding = perVisitor.windowedBy(SlidingWindows.of('10m')).aggregate(
  () => 0,
  (_, seconds, longest) => Math.max(seconds, longest),
  { store: 'sliding', value: int32() },
)
const sessions = perVisitor.windowedBy(SessionWindows.of('30m')).aggregate(
  () => 0,
  (_, seconds, total) => total + seconds,
  (_, left, right) => left + right,
  { store: 'sessions', value: int32() },
)
const unlimited = perVisitor.windowedBy(UnlimitedWindows.of()).count({ store: 'unlimited' })
const final = tumbling.suppress(Suppressed.untilWindowCloses())
const limited = quantities.suppress(Suppressed.untilTimeLimit('1m', { maxRecords: 1_000 }))

// Windowed results onward.
const perHour = { key: windowed(string(), { size: '1h' }) }
const flat = (key: Windowed<string>): string => `${key.key}@${key.window.start}`
final.toStream().to('clicks-per-hour', { ...perHour, value: int64() })
hopping
  .toStream()
  .map((key, seconds) => [flat(key), seconds])
  .to('seconds-per-hour', { key: string(), value: int32() })
sliding
  .toStream()
  .selectKey(flat)
  .mapValues((seconds) => `${seconds}s`)
  .to('longest', { key: string(), value: string() })
sessions
  .toStream()
  .filter((_, seconds) => seconds !== null)
  .map((key, seconds) => [key.key, { from: key.window.start, to: key.window.end, seconds: seconds ?? 0 }])
  .to('visits', { key: string(), value: json<{ readonly from: number; to: number; seconds: number }>() })
unlimited
  .filter((_, count) => count > 10)
  .mapValues((count) => count ?? 0)
  .toStream()
  .selectKey(({ key }) => key)
  .to('regulars', { key: string(), value: int64() })
limited.toStream().to('sold', { value: int32() })

// Tables.
const vips = customers.filter((_, customer) => customer.segment === 'vip')
const others = customers.filterNot((_, customer) => customer.segment === 'vip')
const names = vips.mapValues((customer) => customer.name, { store: 'vip-names', value: string() })
const spending = customers.leftJoin(ordersPerCustomer, (customer, count) => ({
  ...customer,
  count: count ?? 0,
}))
const either = names.outerJoin(others, (name, other) => name ?? other?.name ?? '')
const stocked = items.join(quantities, (item, sold) => ({ ...item, left: item.stock - sold }))
const perCountry = spending
  .groupBy((_, customer) => [customer.country, customer.count], { key: string(), value: int32() })
  .reduce(
    (sum, count) => sum + count,
    (sum, count) => sum - count,
    { store: 'orders-per-country' },
  )
const suppliers = items
  .groupBy((_, item) => [item.supplier, item.stock], { key: string(), value: int32() })
  .aggregate(
    () => 0,
    (_, stock, sum) => sum + stock,
    (_, stock, sum) => sum - stock,
    { store: 'stock-per-supplier', value: int32() },
  )
const segments = customers
  .groupBy((key, customer): [string, string] => [customer.segment, key], { key: string(), value: string() })
  .count({ store: 'segments' })
either.toStream().to('names', { value: string() })
stocked.toStream().to('stock', { value: json<Item & { readonly left: number }>() })
perCountry.toStream().to('orders-per-country')
suppliers.toStream().to('stock-per-supplier')
segments.toStream().to('segments')
salesPerStore.toStream().to('sales-per-store')

// Joins of streams, with tables, with global tables, by foreign keys.
const within = JoinWindows.of('1h').grace('10m')
const settled = orders.join(payments, (order, payment) => ({ ...order, paid: payment.amount }), within)
const open = orders.leftJoin(
  payments,
  (order, payment) => ({ id: order.id, paid: payment?.amount ?? 0 }),
  within,
)
const matched = orders.outerJoin(
  payments,
  (order, payment) => [order?.id ?? '', payment?.amount ?? 0],
  within,
)
settled
  .selectKey((_, order) => order.customer)
  .join(customers, (order, customer) => ({ ...order, country: customer.country }), {
    key: string(),
    value: json<Order & { readonly paid: number }>(),
  })
  .join(
    countries,
    (_, order) => order.country,
    (order, country) => ({ ...order, country }),
  )
  .to('settled', { key: string(), value: json<Order & { readonly paid: number; country: string }>() })
open.filter((_, { paid }) => paid === 0).to('open', { value: json<{ readonly id: string; paid: number }>() })
matched.mapValues(([id, paid]) => `${id}: ${paid}`).to('matched', { value: string() })
byItem
  .leftJoin(items, (line, item) => ({ ...line, title: item?.title ?? 'unknown' }), {
    key: string(),
    value: json<{ readonly item: string; quantity: number; price: number; order: string }>(),
  })
  .mapValues(({ title, quantity }) => `${quantity} x ${title}`)
  .to('picking', { key: string(), value: string() })
const latest = byCustomer.toTable({
  key: string(),
  value: json<Order & { readonly revenue: number }>(),
  store: 'latest',
})
latest
  .join(
    customers,
    (order) => order.customer,
    (order, customer) => `${customer.name}: ${order.revenue}`,
    { store: 'bills', value: string() },
  )
  .toStream()
  .to('bills')

// Processors, cogroup.
const totals = Stores.keyValue('totals', { key: string(), value: int64() })
payments
  .process(
    () => {
      let context: ProcessorContext<string, number>
      return {
        init(given: ProcessorContext<string, number>) {
          context = given
        },
        process(record) {
          const total = (context.store(totals).get(record.value.method) ?? 0) + record.value.amount
          context.store(totals).put(record.value.method, total)
          context.forward({ ...record, key: record.value.method, value: total })
        },
      }
    },
    { stores: [totals] },
  )
  .to('totals', { key: string(), value: int64() })
orders
  .groupByKey()
  .cogroup<Sales>((_, order, sales) => ({ ...sales, revenue: sales.revenue + revenue(order) }))
  .cogroup(payments.groupByKey(), (_, payment, sales) => ({
    ...sales,
    orders: sales.orders + payment.amount,
  }))
  .aggregate((): Sales => ({ orders: 0, revenue: 0 }), { store: 'accounts', value: json<Sales>() })
  .toStream()
  .to('accounts')

export default builder.build()
