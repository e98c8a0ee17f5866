/** Running totals per group, behind a repartition. */
import { json, StreamsBuilder, string } from '../../../src/index.js'
import { obeyKillOrders } from '../kill-orders.js'

export const INPUT = 'chaos-input'
export const OUTPUT = 'chaos-output'
export const STORE = 'totals'

const GROUPS = 4_000

export interface CountedEvent {
  readonly source: number
  readonly sequence: number
  readonly amount: number
}

export interface Totals {
  readonly count: number
  readonly sum: number
  /** The last event. */
  readonly source: number
  readonly sequence: number
}

const groupKey = (source: number): string => `group-${source % GROUPS}`

const none: Totals = { count: 0, sum: 0, source: -1, sequence: -1 }

export default function countsTopology() {
  const builder = new StreamsBuilder()
  builder
    .stream(INPUT, { key: string(), value: json<CountedEvent>() })
    .groupBy((_, { source }) => groupKey(source), {
      key: string(),
      value: json<CountedEvent>(),
      name: 'by-group',
    })
    .aggregate(
      () => none,
      (_, { source, sequence, amount }, { count, sum }) => ({
        count: count + 1,
        sum: sum + amount,
        source,
        sequence,
      }),
      { store: STORE, value: json<Totals>() },
    )
    .toStream()
    .to(OUTPUT, { key: string(), value: json<Totals>() })
  return builder.build()
}

obeyKillOrders()
