import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { json, KafkaStreams, type ProcessingGuarantee, StreamsBuilder, string } from '../../src/index.js'
import { testBroker } from '../support/broker.js'
import { processedAll } from '../support/processed-all.js'
import { TopicClient } from '../support/topic-client.js'

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`

for (const processingGuarantee of [
  'exactly_once',
  'at_least_once',
] as const satisfies ProcessingGuarantee[]) {
  describe(`KafkaStreams, ${processingGuarantee}`, () => {
    test('maps records of a topic into another, keeping keys, timestamps and order', async () => {
      await using broker = await testBroker()
      await using client = new TopicClient(broker.brokers)
      await using stateDir = await temporaryDirectory()
      const [input, output] = [unique('input'), unique('output')]
      await client.create(input, 2)
      await client.create(output, 2)
      const records = Array.from({ length: 200 }, (_, n) => ({
        key: `k${n % 7}`,
        value: `{"n":${n}}`,
        timestamp: 1000 + n,
      }))
      await client.write(input, records)

      const builder = new StreamsBuilder()
      builder
        .stream(input, { key: string(), value: json<{ n: number }>() })
        .filter((_, { n }) => n % 2 === 0)
        .mapValues(({ n }) => ({ doubled: n * 2 }))
        .to(output, { value: json<{ doubled: number }>() })
      await using streams = new KafkaStreams(builder.build(), {
        applicationId: unique('app'),
        brokers: broker.brokers,
        stateDir: stateDir.path,
        processingGuarantee,
        commitInterval: 100,
      })
      await streams.start()
      await processedAll(client, streams, [input])

      const written = await client.read(output)
      const byKey = (key: string) =>
        written.filter((record) => record.key === key).map(({ value, timestamp }) => [value, timestamp])
      for (let k = 0; k < 7; k++) {
        const expected = records
          .map((record, n) => ({ ...record, n }))
          .filter(({ key, n }) => key === `k${k}` && n % 2 === 0)
          .map(({ n, timestamp }) => [`{"doubled":${n * 2}}`, timestamp])
        assert.deepEqual(byKey(`k${k}`), expected)
      }
      assert.equal(streams.state, 'running')
    })

    test('counts per key across a repartition topic, and serves the committed counts', async () => {
      await using broker = await testBroker()
      await using client = new TopicClient(broker.brokers)
      await using stateDir = await temporaryDirectory()
      const [input, output] = [unique('input'), unique('output')]
      await client.create(input, 3)
      await client.create(output, 1)
      const words = 'the quick fox and the lazy dog and the end'.split(' ')
      await client.write(
        input,
        words.map((word, n) => ({ key: `line${n % 3}`, value: word, timestamp: n })),
      )

      const builder = new StreamsBuilder()
      builder
        .stream(input, { key: string(), value: string() })
        .groupBy((_, word) => word, { key: string(), name: 'words' })
        .count({ store: 'words' })
        .toStream()
        .mapValues((count) => String(count))
        .to(output, { value: string() })
      const applicationId = unique('app')
      await using streams = new KafkaStreams(builder.build(), {
        applicationId,
        brokers: broker.brokers,
        stateDir: stateDir.path,
        processingGuarantee,
        commitInterval: 100,
      })
      await streams.start()
      await processedAll(client, streams, [input, `${applicationId}-words-repartition`])

      const last = new Map((await client.read(output)).map(({ key, value }) => [key, value]))
      assert.deepEqual(Object.fromEntries(last), {
        the: '3',
        quick: '1',
        fox: '1',
        and: '2',
        lazy: '1',
        dog: '1',
        end: '1',
      })
      const store = streams.store<string, number>('words')
      assert.equal((await store.get('the'))?.value, 3)
      assert.equal(await store.get('cat'), undefined)
      const rows = await store.range('dog', 'lazy')
      assert.deepEqual(
        rows.map(({ key, value }) => [key, value]),
        [
          ['dog', 1],
          ['end', 1],
          ['fox', 1],
          ['lazy', 1],
        ],
      )
    })
  })
}

async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'millrace-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
