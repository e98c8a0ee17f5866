/**
 * Types that flow through joins of streams. Compiled with the tests; nothing here runs.
 */
import {
  int32,
  JoinWindows,
  json,
  type KStream,
  StreamsBuilder,
  string,
  TumblingWindows,
} from '../../src/index.js'
import { type Equal, expectType } from './equal.js'

interface Order {
  item: string
}

interface Payment {
  amount: number
}

const builder = new StreamsBuilder()
const orders = builder.stream('orders', { key: string(), value: json<Order>() })
const payments = builder.stream('payments', { key: string(), value: json<Payment>() })
const windows = JoinWindows.of('10m')

// Both sides are there; the key is known, and the type of the result is new.
const paid = orders.join(
  payments,
  (order, payment, key) => `${key}: ${order.item} ${payment.amount}`,
  windows,
)
expectType<Equal<typeof paid, KStream<string, string, 'key'>>>()
paid.groupByKey({ value: string() }).count()
paid.to('paid', { value: string() })

// In an outer join a side may be missing.
const left = orders.leftJoin(
  payments,
  (order, payment) => {
    expectType<Equal<typeof order, Order>>()
    expectType<Equal<typeof payment, Payment | null>>()
    return payment?.amount ?? null
  },
  windows,
)
expectType<Equal<typeof left, KStream<string, number | null, 'key'>>>()
const outer = orders.outerJoin(
  payments,
  (order, payment) => {
    expectType<Equal<typeof order, Order | null>>()
    expectType<Equal<typeof payment, Payment | null>>()
    return order !== null
  },
  windows,
)
expectType<Equal<typeof outer, KStream<string, boolean, 'key'>>>()

// Records without value are dropped before a join, and those without key unless they are kept without a match.
const nullable = builder.stream<string | null, Order | null>('nullable', {
  key: string(),
  value: json<Order>(),
})
const inner = nullable.join(
  nullable,
  (one, other, key) => {
    expectType<Equal<typeof one, Order>>()
    expectType<Equal<typeof other, Order>>()
    expectType<Equal<typeof key, string>>()
    return one
  },
  windows,
)
expectType<Equal<typeof inner, KStream<string, Order, 'key'>>>()
const kept = nullable.leftJoin(payments, (order, payment) => ({ order, payment }), windows)
expectType<Equal<typeof kept, KStream<string | null, { order: Order; payment: Payment | null }, 'key'>>>()

// Serdes are asked for where streams do not know them.
const amounts = payments.mapValues(({ amount }) => amount)
orders.join(amounts, (order, amount) => `${order.item} ${amount}`, windows, { otherValue: json<number>() })
orders
  .selectKey((_, { item }) => item)
  .join(
    payments.map((key, payment) => [key, payment]),
    (order) => order,
    windows,
    { key: string(), otherValue: json<Payment>() },
  )

// Late records are of the types that reach the join.
orders.join(payments, (order) => order, windows, {
  late: (late) => expectType<Equal<typeof late, KStream<string, Order, 'key' | 'value'>>>(),
  otherLate: (late) => expectType<Equal<typeof late, KStream<string, Payment, 'key' | 'value'>>>(),
})
orders
  .groupBy((_, { item }) => item.length, { key: int32() })
  .windowedBy(TumblingWindows.of('1h'))
  .count({ late: (late) => expectType<Equal<typeof late, KStream<number, Order, 'key' | 'value'>>>() })
const accounts = builder.table('accounts', { key: string(), value: json<Order>(), historyRetention: '1h' })
orders.join(accounts, (order) => order, {
  late: (late) => expectType<Equal<typeof late, KStream<string, Order, 'key' | 'value'>>>(),
})

// Each of several streams that are aggregated together has late records of its own type.
orders
  .groupByKey()
  .cogroup<number>((_, __, events) => events + 1, {
    late: (late) => expectType<Equal<typeof late, KStream<string, Order, 'key' | 'value'>>>(),
  })
  .cogroup(payments.groupByKey(), (_, __, events) => events + 1, {
    late: (late) => expectType<Equal<typeof late, KStream<string, Payment, 'key' | 'value'>>>(),
  })
  .cogroup(amounts.groupByKey(), (_, __, events) => events + 1, {
    late: (late) => expectType<Equal<typeof late, KStream<string, number, 'key'>>>(),
  })
  .windowedBy(TumblingWindows.of('1h'))
  .emitStrategy('onWindowClose', { allowedLateness: '10m' })
  .aggregate(() => 0, { value: int32() })
