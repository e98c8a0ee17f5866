/** Each kind of join: of two streams, of a stream with a table, of two tables by key and by foreign key. */
import { JoinWindows, json, StreamsBuilder, string } from '../../../src/index.js'
import { obeyKillOrders } from '../kill-orders.js'

export const ORDERS = 'chaos-orders'
export const PAYMENTS = 'chaos-payments'
export const ACCOUNTS = 'chaos-accounts'
export const LIMITS = 'chaos-limits'
export const BRANCHES = 'chaos-branches'

export const PAID_ORDERS = 'chaos-paid-orders'
export const PLACED_ORDERS = 'chaos-placed-orders'
export const LIMITED_ACCOUNTS = 'chaos-limited-accounts'
export const BRANCH_ACCOUNTS = 'chaos-branch-accounts'

/** By account. Each number counts what there was of the account before. */
export interface Order {
  readonly order: number
}

/** By account. */
export interface Payment {
  readonly payment: number
}

/** By account: it refers to a branch, or to none. */
export interface Account {
  readonly account: number
  readonly branch: string | null
}

/** By account. */
export interface Limit {
  readonly limit: number
}

/** By branch. */
export interface Branch {
  readonly version: number
}

/** What is published in order of time may be apart by so much when it is met; see JoinsVerifier.java. */
const WINDOWS = JoinWindows.of('1s').grace('15s')

export default function joinsTopology() {
  const builder = new StreamsBuilder()
  const key = string()
  const orders = builder.stream(ORDERS, { key, value: json<Order>() })
  const payments = builder.stream(PAYMENTS, { key, value: json<Payment>() })
  const accounts = builder.table<string, Account>(ACCOUNTS, { key, value: json(), store: 'accounts' })
  const limits = builder.table<string, Limit>(LIMITS, { key, value: json(), store: 'limits' })
  const branches = builder.table<string, Branch>(BRANCHES, { key, value: json(), store: 'branches' })

  orders
    .outerJoin(
      payments,
      (ordered, paid) => ({ order: ordered?.order ?? null, payment: paid?.payment ?? null }),
      WINDOWS,
      { name: 'paid', store: 'paid' },
    )
    .to(PAID_ORDERS, { value: json() })
  orders
    .leftJoin(accounts, ({ order }, account) => ({ order, account: account?.account ?? null }), {
      name: 'placed',
    })
    .to(PLACED_ORDERS, { value: json() })
  accounts
    .outerJoin(
      limits,
      (account, limit) => ({ account: account?.account ?? null, limit: limit?.limit ?? null }),
      { name: 'limited' },
    )
    .toStream()
    .to(LIMITED_ACCOUNTS, { value: json() })
  accounts
    .leftJoin(
      branches,
      ({ branch }) => branch,
      ({ account }, branch) => ({ account, version: branch?.version ?? null }),
      { name: 'branch' },
    )
    .toStream()
    .to(BRANCH_ACCOUNTS, { value: json() })
  return builder.build()
}

obeyKillOrders()
