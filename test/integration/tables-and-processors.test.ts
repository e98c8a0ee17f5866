import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  int64,
  type KeyValueStore,
  type ProcessorContext,
  Stores,
  StreamsBuilder,
  Suppressed,
  string,
  type Topology,
  TumblingWindows,
} from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'

const texts = { key: string(), value: string() }

/** A topology between two topics. */
function topologyOf(build: (builder: StreamsBuilder) => void): Topology {
  const builder = new StreamsBuilder()
  build(builder)
  return builder.build()
}

const record = (key: string, value: string | null, timestamp = 1) => ({ key, value, timestamp })

describe('on a broker', () => {
  test('a table by group follows its rows through a repartition topic, and the loss of its state', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    const [input, output] = [await app.topic('input', 2), await app.topic('output', 1)]
    const topology = topologyOf((builder) =>
      builder
        .table<string, string>(input, texts)
        .groupBy((_, value) => [value, value], { name: 'by-value', ...texts })
        .count({ store: 'counts' })
        .toStream()
        .mapValues(String)
        .to(output, { value: string() }),
    )
    await app.client.write(input, [record('a', 'x'), record('b', 'x')])
    const first = await app.started(topology)
    await app.committed(input, app.internalTopic('by-value-repartition'))
    await first.close()
    await app.deleteState()

    await app.client.write(input, [record('a', 'y')])
    await app.started(topology)
    await app.committed(input, app.internalTopic('by-value-repartition'))
    assert.deepEqual(
      await app.valuesByKey(output),
      new Map([
        ['x', ['1', '2', '1']],
        ['y', ['1']],
      ]),
    )
  })

  test('what suppress keeps back survives the loss of its state', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    const topology = topologyOf((builder) =>
      builder
        .stream(input, texts)
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .count({ store: 'counts' })
        .suppress(Suppressed.untilWindowCloses(), { name: 'final' })
        .toStream(({ key, window }) => `${key}@${window.start}`)
        .mapValues(String)
        .to(output, texts),
    )
    await app.client.write(input, [record('a', '', 1), record('a', '', 2)])
    const first = await app.started(topology)
    await app.committed(input)
    await first.close()
    await app.deleteState()

    await app.client.write(input, [record('clock', '', 10)])
    await app.started(topology)
    await app.committed(input)
    assert.deepEqual(await app.valuesByKey(output), new Map([['a@0', ['2']]]))
  })

  test('what a schedule on the wall clock does is committed, without records too', async () => {
    await using app = await TestApplication.create()
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    const waiting = Stores.keyValue('waiting', { key: string(), value: int64() })
    const topology = topologyOf((builder) =>
      builder
        .stream(input, texts)
        .process(
          () => {
            let store: KeyValueStore<string, number>
            return {
              init(context: ProcessorContext<string, string>) {
                store = context.store(waiting)
                context.schedule(200, 'wall-clock', (timestamp) => {
                  for (const [key, count] of store.all()) {
                    context.forward({ key, value: String(count), timestamp })
                    store.delete(key)
                  }
                })
              },
              process({ key }) {
                store.put(key, (store.get(key) ?? 0) + 1)
              },
            }
          },
          { stores: [waiting] },
        )
        .to(output, texts),
    )
    await app.client.write(input, [record('a', ''), record('a', ''), record('b', '')])
    const streams = await app.started(topology)
    await app.until('the schedule has fired', async () => (await app.valuesByKey(output)).size === 2)
    assert.deepEqual(
      await app.valuesByKey(output),
      new Map([
        ['a', ['2']],
        ['b', ['1']],
      ]),
    )
    const rows = streams.store<string, number>('waiting')
    await app.until('its rows are gone', async () => (await rows.all()).length === 0)
  })

  test('a processor may ask for a commit', async () => {
    await using app = await TestApplication.create({
      processingGuarantee: 'at_least_once',
      commitInterval: '1h',
    })
    const input = await app.topic('input', 1)
    const topology = topologyOf((builder) =>
      builder.stream(input, texts).process(() => {
        let commit: () => void
        return {
          init: (context) => {
            commit = () => context.commit()
          },
          process: () => commit(),
        }
      }),
    )
    await app.client.write(input, [record('a', '')])
    await app.started(topology)
    await app.committed(input)
  })

  test('an application goes on after a record that it cannot read, and counts it', async () => {
    await using app = await TestApplication.create({ deserializationExceptionHandler: 'continue' })
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 2)]
    const topology = topologyOf((builder) =>
      builder
        .stream(input, { key: string(), value: int64(), name: 'read' })
        .mapValues(String)
        .to(output, { value: string(), partitioner: (_, key) => (key === 'all' ? [0, 1] : []) }),
    )
    await app.client.write(input, [
      record('all', 'unreadable'),
      record('all', '\0'.repeat(8)),
      record('none', '\0'.repeat(8)),
    ])
    const streams = await app.started(topology)
    await app.committed(input)
    assert.deepEqual(streams.metrics().dropped, { 'read:deserialization': 1 })
    const written = await app.client.read(output)
    assert.deepEqual(
      written.map(({ key, value, partition }) => [key, value, partition]),
      [
        ['all', '0', 0],
        ['all', '0', 1],
      ],
    )
  })

  test('a pattern reads all topics that it matches, and says so where there is none', async () => {
    await using app = await TestApplication.create()
    const [one, two, output] = [
      await app.topic('input-a', 1),
      await app.topic('input-b', 2),
      await app.topic('output', 1),
    ]
    await app.client.write(one, [record('a', '1')])
    await app.client.write(two, [record('b', '2')])
    const reading = (pattern: RegExp) => topologyOf((builder) => builder.stream(pattern, texts).to(output))
    const nothing = app.streams(reading(/no-such-.*/))
    await assert.rejects(nothing.start(), /no topic matches \/no-such-\.\*\/: create one/)
    await app.started(reading(new RegExp(`${one}|${two}`)), {}, 'two')
    await app.committed(one, two)
    assert.deepEqual(
      await app.valuesByKey(output),
      new Map([
        ['a', ['1']],
        ['b', ['2']],
      ]),
    )
  })

  test('a source begins with the records that are young enough', async () => {
    await using app = await TestApplication.create()
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    const now = Date.now()
    await app.client.write(input, [record('a', 'old', now - 7_200_000), record('a', 'young', now - 60_000)])
    const topology = topologyOf((builder) =>
      builder.stream(input, { ...texts, offsetReset: { byDuration: '1h' } }).to(output),
    )
    await app.started(topology)
    await app.committed(input)
    assert.deepEqual(await app.valuesByKey(output), new Map([['a', ['young']]]))
  })
})
