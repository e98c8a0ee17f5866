import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  int64,
  type ProcessorContext,
  type SessionStore,
  type Storage,
  Stores,
  StreamsBuilder,
  string,
  type Topology,
} from '../../src/index.js'
import { numbered } from '../support/counting.js'
import { ListedDatabase } from '../support/listed-database.js'
import { TestApplication } from '../support/test-application.js'

const texts = { key: string(), value: string() }

/** Counts by key in a store of the DSL, and in a processor's store: a session each ten milliseconds. */
function topologyOf(input: string, output: string, storage: Storage): Topology {
  const tens = Stores.session('tens', { key: string(), value: int64(), retention: '1h', storage })
  const builder = new StreamsBuilder()
  const records = builder.stream(input, texts)
  records.groupByKey().count({ store: 'counts', storage }).toStream().mapValues(String).to(output, texts)
  records.process(
    () => {
      let sessions: SessionStore<string, number>
      return {
        init(context: ProcessorContext<string, string>) {
          sessions = context.store(tens)
        },
        process({ key, timestamp }) {
          const start = timestamp - (timestamp % 10)
          const window = { start, end: start + 9 }
          sessions.put(key, window, (sessions.get(key, window) ?? 0) + 1)
        },
      }
    },
    { stores: [tens] },
  )
  return builder.build()
}

describe('a store', () => {
  for (const [where, storage] of [
    ['in memory', 'memory' as const],
    ['in a database of the user', () => new ListedDatabase('list')],
  ] as const) {
    test(`${where} is restored from its changelog when the application starts again`, async () => {
      await using app = await TestApplication.create({ cacheMaxBytes: 0 })
      const input = await app.topic('input', 1)
      const output = await app.topic('output', 1)
      const topology = topologyOf(input, output, storage)
      await app.client.write(input, numbered(40, { keys: 4 }))
      const first = await app.started(topology)
      await app.committed(input)
      await first.close()

      await app.client.write(input, numbered(40, { keys: 4, from: 40 }))
      const second = await app.started(topology)
      await app.committed(input)
      assert.ok(second.metrics().recordsRestored >= 8, `${second.metrics().recordsRestored} restored`)
      for (const values of (await app.valuesByKey(output)).values()) {
        assert.deepEqual(
          values,
          Array.from({ length: 20 }, (_, at) => String(at + 1)),
        )
      }
      const counts = await second.store<string, number>('counts').all()
      assert.deepEqual(
        counts.map(({ value }) => value),
        [20, 20, 20, 20],
      )
    })
  }
})
