import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JoinInterval, StreamsBuilder, string, type Topology } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'

const PARTITIONS = 2
const KEYS = ['a', 'b', 'c', 'd', 'e']
const texts = { key: string(), value: string() }

interface Topics {
  readonly orders: string
  readonly payments: string
  readonly prices: string
  readonly paid: string
  readonly priced: string
}

/** Orders with the payments of up to a minute later, and with the price that there was at their time. */
function topologyOf({ orders, payments, prices, paid, priced }: Topics): Topology {
  const builder = new StreamsBuilder()
  const ordered = builder.stream(orders, texts)
  const interval = JoinInterval.between(0, '1m').grace('10m')
  ordered
    .intervalJoin(builder.stream(payments, texts), (order, payment) => `${order} ${payment}`, interval, {
      name: 'paid',
      store: 'paid',
    })
    .to(paid, texts)
  ordered
    .leftAsOfJoin(builder.stream(prices, texts), (order, price) => `${order} ${price}`, {
      historyRetention: '1h',
      tolerance: '10m',
      name: 'priced',
      store: 'prices',
    })
    .to(priced, texts)
  return builder.build()
}

/** A record for each key. */
const each = (value: string, minute: number) =>
  KEYS.map((key) => ({ key, value, timestamp: minute * 60_000 }))

const ofEach = (...values: readonly string[]) => KEYS.map((key) => [key, values] as const)
const sorted = (values: ReadonlyMap<string, readonly string[]>) =>
  [...values].sort(([left], [right]) => (left < right ? -1 : 1))

for (const state of ['kept', 'lost'] as const) {
  test(`interval and as-of joins go on with what was before a restart, its state ${state}`, async () => {
    await using app = await TestApplication.create()
    const topic = (name: string) => app.topic(name, PARTITIONS)
    const topics: Topics = {
      orders: await topic('orders'),
      payments: await topic('payments'),
      prices: await topic('prices'),
      paid: await topic('paid'),
      priced: await topic('priced'),
    }
    const { orders, payments, prices } = topics
    const topology = topologyOf(topics)
    const write = async (name: string, value: string, minute: number): Promise<void> => {
      await app.client.write(name, each(value, minute))
      await app.committed(name)
    }
    const first = await app.started(topology)
    await write(prices, '10', 0)
    await write(prices, '12', 5)
    await write(orders, 'early', 5.5)
    await first.close()
    if (state === 'lost') await app.deleteState()

    const second = await app.started(topology)
    await write(payments, 'in time', 6)
    await write(payments, 'late', 7)
    await write(orders, 'between', 4)
    await write(orders, 'after', 6)
    await write(orders, 'long after', 20)
    await second.close()
    assert.deepEqual(
      sorted(await app.valuesByKey(topics.paid)),
      ofEach('early in time', 'after in time', 'after late'),
    )
    assert.deepEqual(
      sorted(await app.valuesByKey(topics.priced)),
      ofEach('early 12', 'between 10', 'after 12', 'long after null'),
    )
  })
}
