import { int32, json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Account {
  ordered: number
  paid: number
}

const builder = new StreamsBuilder()
const orders = builder.stream('orders', { key: string(), value: int32() }).groupByKey()
const payments = builder.stream('payments', { key: string(), value: int32() }).groupByKey()
orders
  .cogroup<Account>((_, sum, account) => ({ ...account, ordered: account.ordered + sum }))
  .cogroup(payments, (_, sum, account) => ({ ...account, paid: account.paid + sum }))
  .aggregate(() => ({ ordered: 0, paid: 0 }), { store: 'accounts', value: json<Account>() })
  .toStream()
  .to('accounts')

export default {
  topology: builder.build(),
  inputs: { orders: { key: string(), value: int32() }, payments: { key: string(), value: int32() } },
  outputs: { accounts: { key: string(), value: json<Account>() } },
  steps: [
    ['orders', 'ann', 30, '1s'],
    ['payments', 'ann', 10, '2s'],
    ['payments', 'bob', 5, '3s'],
    ['orders', 'ann', 20, '4s'],
  ],
} satisfies Example
