import { json, StreamsBuilder, string } from 'millrace'
import type { Example } from '../generator/example.js'

interface Sale {
  shop: string
  currency: string
}

const builder = new StreamsBuilder()
const currencies = builder.globalTable('currencies', { key: string(), value: string(), store: 'currencies' })
builder
  .stream('sales', { key: string(), value: json<Sale>() })
  .leftJoin(
    currencies,
    (_, sale) => sale.currency,
    (sale, name) => `${sale.shop}: ${name ?? 'unknown currency'}`,
  )
  .to('named-sales', { value: string() })

export default {
  topology: builder.build(),
  inputs: {
    currencies: { key: string(), value: string() },
    sales: { key: string(), value: json<Sale>() },
  },
  outputs: { 'named-sales': { key: string(), value: string() } },
  steps: [
    ['currencies', 'NOK', 'krone', '1s'],
    ['sales', 's1', { shop: 'Oslo', currency: 'NOK' }, '2s'],
    ['sales', 's2', { shop: 'Bonn', currency: 'EUR' }, '3s'],
    ['currencies', 'EUR', 'euro', '9s'],
    ['sales', 's3', { shop: 'Bonn', currency: 'EUR' }, '4s'],
  ],
} satisfies Example
