import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type KafkaStreams, StreamsBuilder, string } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'
import { uniqueName } from '../support/unique-name.js'

const texts = { key: string(), value: string() }
const KEYS = 500

interface Topics {
  readonly stream: string
  readonly table: string
  readonly output: string
}

const topicsOf = async (app: TestApplication): Promise<Topics> => ({
  stream: await app.topic('stream', 2),
  table: await app.topic('table', 3),
  output: await app.topic('output', 1),
})

/** Each record of the stream with the row that its value names. */
function topologyOf({ stream, table, output }: Topics) {
  const builder = new StreamsBuilder()
  const rows = builder.globalTable(table, { ...texts, store: 'rows' })
  builder
    .stream(stream, texts)
    .leftJoin(
      rows,
      (_, value) => value,
      (value, row) => `${value}=${row}`,
    )
    .to(output, texts)
  return builder.build()
}

const rowsOf = (round: number, keys = KEYS) =>
  Array.from({ length: keys }, (_, index) => ({
    key: `k${index}`,
    // Some are deleted, others not there from the first.
    value: (index + round) % 5 === 0 ? null : `${index}/${round}`,
    timestamp: round,
  }))

const present = (round: number): Map<string, string> =>
  new Map(rowsOf(round).flatMap(({ key, value }) => (value === null ? [] : [[key, value]])))

async function assertHolds(app: TestApplication, streams: KafkaStreams, round: number): Promise<void> {
  const expected = present(round)
  const store = streams.store<string, string>('rows')
  const held = async () => new Map((await store.all()).map(({ key, value }) => [key, value]))
  await app.until(`the table is that of round ${round}`, async () => {
    const rows = await held()
    return rows.size === expected.size && [...expected].every(([key, value]) => rows.get(key) === value)
  })
  assert.deepEqual(await store.get('k0'), { value: expected.get('k0'), timestamp: round })
}

describe('a global table', () => {
  test('is there as a whole before the first record is processed', async () => {
    await using app = await TestApplication.create()
    const topics = await topicsOf(app)
    await app.client.write(topics.table, rowsOf(1))
    const asked = Array.from({ length: KEYS }, (_, index) => ({ key: 'x', value: `k${index}`, timestamp: 1 }))
    await app.client.write(topics.stream, asked)
    await app.started(topologyOf(topics))
    await app.committed(topics.stream)
    const rows = present(1)
    assert.deepEqual(
      (await app.client.read(topics.output)).map(({ value }) => value),
      asked.map(({ value }) => `${value}=${rows.get(value) ?? null}`),
    )
  })

  test('equals its topic on every instance: while it changes, after a rebalance, a restart, and the loss of state', async () => {
    await using app = await TestApplication.create()
    const topics = await topicsOf(app)
    const topology = topologyOf(topics)
    await app.client.write(topics.table, rowsOf(1))
    const first = await app.started(topology, {}, 'one')
    const second = await app.started(topology, {}, 'two')
    for (const streams of [first, second]) await assertHolds(app, streams, 1)
    await app.client.write(topics.table, rowsOf(2))
    for (const streams of [first, second]) await assertHolds(app, streams, 2)
    await first.close()
    await app.client.write(topics.table, rowsOf(3))
    await assertHolds(app, second, 3)
    const again = await app.started(topology, {}, 'one')
    for (const streams of [again, second]) await assertHolds(app, streams, 3)
    await again.close()
    await app.deleteState('one')
    await app.client.write(topics.table, rowsOf(4))
    const anew = await app.started(topology, {}, 'one')
    for (const streams of [anew, second]) await assertHolds(app, streams, 4)
  })

  test('is read on where it stands on disk, and anew from a topic that was made again', async () => {
    await using app = await TestApplication.create()
    const topics = await topicsOf(app)
    const topology = topologyOf(topics)
    await app.client.write(topics.table, rowsOf(1))
    const first = await app.started(topology)
    await assertHolds(app, first, 1)
    await first.close()
    // What is on disk is not read again: its records are gone, and so is nothing of the table.
    await app.client.admin.deleteTopics([topics.table])
    await app.client.create(topics.table, 3)
    await app.client.write(topics.table, rowsOf(2, 10))
    const second = await app.started(topology)
    const store = second.store<string, string>('rows')
    await app.until('the table is that of the new topic', async () => (await store.all()).length === 8)
  })

  test('that is not there stops the start', async () => {
    await using app = await TestApplication.create()
    const topics = { ...(await topicsOf(app)), table: uniqueName('missing') }
    await assert.rejects(app.streams(topologyOf(topics)).start(), { code: 'MISSING_SOURCE_TOPIC' })
  })
})
