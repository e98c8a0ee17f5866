import { int32, json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Account {
  entries: number
  balance: number
}

const builder = new StreamsBuilder()
builder
  .stream('entries', { key: string(), value: int32() })
  .groupByKey()
  .aggregate(
    (): Account => ({ entries: 0, balance: 0 }),
    (_, amount, account) => {
      const balance = account.balance + amount
      return balance === 0 ? null : { entries: account.entries + 1, balance }
    },
    { store: 'accounts', value: json<Account>() },
  )
  .toStream()
  .to('accounts')

export default {
  topology: builder.build(),
  inputs: { entries: { key: string(), value: int32() } },
  outputs: { accounts: { key: string(), value: json<Account>() } },
  steps: [
    ['entries', 'ann', 10, '1s'],
    ['entries', 'ann', 5, '2s'],
    ['entries', 'ann', -15, '3s'],
    ['entries', 'ann', 7, '4s'],
  ],
} satisfies Example
