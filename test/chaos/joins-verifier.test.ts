import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { temporaryData } from '../support/temporary-data.js'
import { type TextRecord, TopicClient } from '../support/topic-client.js'
import { PARTITIONS } from './application.js'
import { verify } from './chaos-verifier.js'
import { assertFaultless } from './faultless.js'
import { joins } from './joins/joins.js'
import { BRANCH_ACCOUNTS, PAID_ORDERS, PLACED_ORDERS } from './joins/joins-topology.js'
import type { LocalStore } from './local-stores.js'
import { eventsBetween, lose, processed } from './processed-events.js'

const EVENTS = 12_000
/** So they take a minute of event time: longer than the joins wait. */
const MILLIS_PER_EVENT = 5

/** A result of an account behind which there is one of a later value of it. */
async function outdated(client: TopicClient): Promise<TextRecord> {
  const accountOf = ({ value }: TextRecord): number => (value === null ? -1 : JSON.parse(value).account)
  const results = await client.read(BRANCH_ACCOUNTS)
  const last = new Map(results.map((result) => [result.key, accountOf(result)]))
  return results.find((result) => accountOf(result) >= 0 && accountOf(result) < last.get(result.key)!)!
}

/** Something else in a row of a store of the table of accounts. */
function withOtherRow(stores: readonly LocalStore[]): LocalStore[] {
  const changed = stores.findIndex(({ changelog }) => changelog.includes('accounts'))
  return stores.map((store, at) => {
    const [key, row] = Object.entries(store.rows)[0]!
    return at === changed ? { ...store, rows: { ...store.rows, [key]: `${row}IA==` } } : store
  })
}

test('the verifier of joins finds what is lost, comes again, is wrong, and what differs on disk', async (t) => {
  const directory = await temporaryData(t)
  await using broker = await KafkaBroker.start({ dataDir: join(directory, 'kafka') })
  await using client = new TopicClient(broker.brokers)
  for (const topic of [...joins.inputs, ...joins.outputs]) await client.create(topic, PARTITIONS)
  const stateDir = join(directory, 'state')
  // Half by half: a foreign-key join has no result of a left row that is replaced while it asks for the right one.
  await processed(joins, client, stateDir, [eventsBetween(joins, 0, EVENTS / 2, MILLIS_PER_EVENT)])
  const stores = await processed(joins, client, stateDir, [
    eventsBetween(joins, EVENTS / 2, EVENTS, MILLIS_PER_EVENT),
  ])

  assertFaultless(await verify(joins, broker.brokers, stores, directory), EVENTS)

  await lose(client, PAID_ORDERS, 100)
  const placed = (await client.read(PLACED_ORDERS)).at(-1)!
  await client.write(PLACED_ORDERS, [placed])
  await client.write(PAID_ORDERS, [{ key: 'account-1', value: '{"order":0,"payment":99999}', timestamp: 1 }])
  await client.write(BRANCH_ACCOUNTS, [await outdated(client)])
  const wrong = await verify(joins, broker.brokers, withOtherRow(stores), directory)
  const { lost, duplicated, reordered, wrongResults, storesEqual, differences } = wrong
  assert.deepEqual(
    { lost, duplicated, reordered, wrongResults, storesEqual },
    { lost: 101, duplicated: 1, reordered: 1, wrongResults: 1, storesEqual: false },
    differences.join('\n'),
  )
})
