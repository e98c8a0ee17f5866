import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { json, type KafkaStreamsOptions, StreamsBuilder, string } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'

interface Part {
  readonly kind: string
}

const GUARANTEES = ['exactly_once', 'at_least_once'] as const

const record = (key: string | null, value: string | null, timestamp = 1) => ({ key, value, timestamp })

/** A table whose rows are counted by kind, so that a wrong row before a change is a wrong count. */
function topologyOf(input: string, output: string) {
  const builder = new StreamsBuilder()
  builder
    .table(input, { key: string(), value: json<Part>(), store: 'parts' })
    .groupBy((_, { kind }) => [kind, kind], { name: 'by-kind', key: string(), value: string() })
    .count({ store: 'kinds' })
    .toStream()
    .mapValues(String)
    .to(output, { value: string() })
  return builder.build({ optimization: ['reuse-source-topics'] })
}

const FIRST = [
  record('a', '{ "kind" : "x" }', 11),
  record('b', '{"kind":"x"}', 12),
  record(null, '{"kind":"x"}', 13),
  record('c', 'broken', 14),
  record('d', '{"kind":"y"}', 15),
  record('d', null, 16),
]
const SECOND = [record('a', '{"kind":"y"}', 21), record('c', 'broken', 22), record('e', '{"kind":"x"}', 23)]

async function application(options: Partial<KafkaStreamsOptions>) {
  const app = await TestApplication.create({
    cacheMaxBytes: 0,
    commitInterval: '100ms',
    deserializationExceptionHandler: () => 'continue',
    ...options,
  })
  const input = await app.topic('parts', 2)
  const output = await app.topic('kinds', 1)
  const repartition = app.internalTopic('by-kind-repartition')
  const topology = topologyOf(input, output)
  /** Processes records as a client of its own. */
  const run = async (records: typeof FIRST) => {
    await app.client.write(input, records)
    const streams = await app.started(topology)
    await app.committed(input, repartition)
    return streams
  }
  return { app, input, output, run }
}

type Application = Awaited<ReturnType<typeof application>>

async function assertFollowed({ app, input, output }: Application, rows: readonly unknown[]) {
  assert.deepEqual(
    rows,
    [
      { key: 'a', value: { kind: 'y' }, timestamp: 21 },
      { key: 'b', value: { kind: 'x' }, timestamp: 12 },
      { key: 'e', value: { kind: 'x' }, timestamp: 23 },
    ],
    'the rows are those of the topic, bytes and timestamps',
  )
  const last = [...(await app.valuesByKey(output))].map(([kind, counts]) => [kind, counts.at(-1)])
  assert.deepEqual(Object.fromEntries(last), { x: '2', y: '1' })
  const ends = await app.offsets(input, 'latest')
  assert.equal(
    ends.reduce((sum, end) => sum + end, 0),
    FIRST.length + SECOND.length,
    'nothing is written to the topic',
  )
  const present = await app.client.admin.describeTopics([app.internalTopic('parts-changelog')])
  assert.equal(present.size, 0, 'the table has no changelog')
}

const byKey = (left: { key: string }, right: { key: string }) => (left.key < right.key ? -1 : 1)

describe('a table whose topic is its changelog', () => {
  for (const processingGuarantee of GUARANTEES) {
    test(`${processingGuarantee}: is restored up to what is committed where its state is gone`, async () => {
      const application_ = await application({ processingGuarantee })
      await using app = application_.app
      await (await application_.run(FIRST)).close()
      await app.deleteState()
      const streams = await application_.run(SECOND)
      await assertFollowed(application_, (await streams.store<string, Part>('parts').all()).sort(byKey))
    })

    test(`${processingGuarantee}: goes on with its local state, and restores nothing`, async () => {
      const application_ = await application({ processingGuarantee })
      await using app = application_.app
      await (await application_.run(FIRST)).close()
      const streams = await application_.run(SECOND)
      assert.equal(streams.metrics().recordsRestored, 0)
      assert.equal(app.failures.length, 0)
      await assertFollowed(application_, (await streams.store<string, Part>('parts').all()).sort(byKey))
    })
  }

  test('moves to another process, which restores it', async () => {
    const application_ = await application({})
    await using app = application_.app
    const first = await application_.run(FIRST)
    const second = await app.started(topologyOf(application_.input, application_.output), {}, 'two')
    await app.until('both run', () => first.state === 'running' && second.state === 'running')
    await first.close()
    await app.client.write(application_.input, SECOND)
    await app.committed(application_.input, app.internalTopic('by-kind-repartition'))
    await app.until('all rows are with it', async () => {
      return (await second.store<string, Part>('parts').all()).length === 3
    })
    await assertFollowed(application_, (await second.store<string, Part>('parts').all()).sort(byKey))
  })
})
