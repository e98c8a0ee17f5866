import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string } from '../../src/index.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { healthRoutes, httpServer } from '../../src/observe/index.js'
import { GatedSerde } from '../support/gated-serde.js'
import { TestApplication } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const textsOf = (key: string, ...values: readonly string[]): TextRecord[] =>
  values.map((value, at) => ({ key, value, timestamp: 1000 + at }))

const texts = (...values: readonly string[]): TextRecord[] => textsOf('k', ...values)

/** A key that goes to a partition of two. */
const keyOf = (partition: number): string => {
  const keys = Array.from({ length: 100 }, (_, at) => `key${at}`)
  return keys.find((key) => partitionFor(Buffer.from(key), 0, key.length, 2) === partition)!
}

describe('a record whose schema is not there yet', { concurrency: true }, () => {
  test('holds up its partition, and no other', async () => {
    await using app = await TestApplication.create()
    const input = await app.topic('input', 2)
    const output = await app.topic('output', 1)
    const value = new GatedSerde('a')
    const builder = new StreamsBuilder()
    builder.stream(input, { key: string(), value }).to(output, { key: string(), value: string() })
    await app.client.write(input, textsOf(keyOf(0), 'a0', 'b1', 'a2'))
    await app.client.write(input, textsOf(keyOf(1), 'a3', 'a4'))
    const streams = await app.started(builder.build())

    await app.until('the other partition is read', async () => (await app.client.read(output)).length === 3)
    const { inputs, intake } = streams.metrics()
    assert.deepEqual(intake.paused, [{ input: `${input}-0`, reason: 'schema', schema: 'schema b' }])
    assert.equal(inputs.find(({ partition }) => partition === 0)?.lag, 2)
    await using server = await httpServer({ port: 0, routes: healthRoutes(streams) })
    const ready = await fetch(`${server.url}/readyz`)
    assert.equal(ready.status, 503)
    assert.match(await ready.text(), /schema b/)
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200)

    value.letCome('b')
    await app.committed(input)
    const read = (await app.client.read(output)).map((record) => record.value)
    assert.deepEqual(read.toSorted(), ['a0', 'a2', 'a3', 'a4', 'b1'])
    assert.ok(read.indexOf('b1') < read.indexOf('a2'), 'in the order of the partition')
    assert.deepEqual(streams.metrics().intake.paused, [])
  })

  test('is waited for where inputs are read in the order of their timestamps', async () => {
    await using app = await TestApplication.create()
    const left = await app.topic('left', 1)
    const right = await app.topic('right', 1)
    const output = await app.topic('output', 1)
    const value = new GatedSerde('a')
    const builder = new StreamsBuilder()
    const table = builder.table(right, { key: string(), value: string() })
    builder
      .stream(left, { key: string(), value, timestamp: ({ timestamp }) => timestamp })
      .join(table, (text, row) => `${text}${row}`)
      .to(output, { key: string(), value: string() })
    await app.client.write(right, [
      { key: 'k', value: '-early', timestamp: 500 },
      { key: 'k', value: '-late', timestamp: 1500 },
    ])
    await app.client.write(left, texts('b0', 'a1'))
    await app.started(builder.build())
    await app.until('it is waited for', () => value.awaited === 'b')
    value.letCome('b')
    await app.committed(left)
    const read = (await app.client.read(output)).map((record) => record.value)
    assert.deepEqual(read, ['b0-early', 'a1-early'])
  })

  for (const processingGuarantee of ['exactly_once', 'at_least_once'] as const) {
    test(`is met in a store: the record is processed anew when it is there (${processingGuarantee})`, async () => {
      await using app = await TestApplication.create({ processingGuarantee, commitInterval: '100ms' })
      const input = await app.topic('input', 1)
      const output = await app.topic('output', 1)
      const topology = (stored: GatedSerde) => {
        const builder = new StreamsBuilder()
        builder
          .stream(input, { key: string(), value: string() })
          .groupByKey()
          .aggregate(
            () => 'a',
            (_, text, all) => `${text.slice(0, 1)}${all.slice(1)}${text.slice(1)}`,
            { store: 'all', value: stored },
          )
          .toStream()
          .to(output, { key: string(), value: string() })
        return builder.build()
      }
      await app.client.write(input, texts('a0', 'b1'))
      const first = await app.started(topology(new GatedSerde('ab')))
      await app.committed(input)
      await first.close()

      const stored = new GatedSerde('a')
      await app.client.write(input, texts('a2', 'a3'))
      const second = await app.started(topology(stored))
      await app.until('the row is asked for', () => stored.awaited === 'b')
      const row = second.store<string, string>('all').get('k')
      await app.until('the task waits', () => second.state === 'rebalancing')
      stored.letCome('b')
      await app.committed(input)
      assert.equal((await second.store<string, string>('all').get('k'))?.value, 'a0123')
      assert.ok(['b01', 'a0123'].includes((await row)?.value ?? ''), 'a query waits too')
      const read = (await app.client.read(output)).map((record) => record.value)
      assert.equal(read.at(-1), 'a0123')
      assert.deepEqual(app.failures, [])
    })
  }

  test('holds up the restore of a store from the topic that takes the place of its changelog', async () => {
    await using app = await TestApplication.create()
    const input = await app.topic('input', 1)
    const topology = (value: GatedSerde) => {
      const builder = new StreamsBuilder()
      builder.table(input, { key: string(), value, store: 'rows' })
      return builder.build({ optimization: 'all' })
    }
    await app.client.write(input, texts('a0', 'b1'))
    const first = await app.started(topology(new GatedSerde('ab')))
    await app.committed(input)
    await first.close()

    const value = new GatedSerde('a')
    const second = await app.started(topology(value), {}, 'another machine')
    await app.until('it is waited for', () => value.awaited === 'b')
    assert.equal(second.state, 'rebalancing')
    value.letCome('b')
    await app.until('it is restored', () => second.state === 'running')
    assert.equal((await second.store<string, string>('rows').get('k'))?.value, 'b1')
  })

  test('is waited for by a global table, before any task begins', async () => {
    await using app = await TestApplication.create()
    const rows = await app.topic('rows', 1)
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const value = new GatedSerde('a')
    const builder = new StreamsBuilder()
    const table = builder.globalTable(rows, { key: string(), value })
    builder
      .stream(input, { key: string(), value: string() })
      .join(
        table,
        (key) => key,
        (text, row) => `${text}${row}`,
      )
      .to(output, { key: string(), value: string() })
    await app.client.write(rows, texts('b1'))
    await app.client.write(input, texts('x'))
    const starting = app.started(builder.build())
    await app.until('it is waited for', () => value.awaited === 'b')
    value.letCome('b')
    await starting
    await app.committed(input)
    assert.deepEqual(
      (await app.client.read(output)).map((record) => record.value),
      ['xb1'],
    )
  })
})

describe('serdes that have to be opened', () => {
  test('are told all places where their bytes lie', async () => {
    await using app = await TestApplication.create()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const value = new GatedSerde('a')
    const builder = new StreamsBuilder()
    builder
      .stream(input, { key: string(), value })
      .selectKey((_, text) => text)
      .groupByKey({ key: string(), value })
      .reduce((_, text) => text, { store: 'last' })
      .toStream()
      .to(output, { key: string(), value })
    await app.started(builder.build())
    const repartition = app.internalTopic('last-repartition')
    const uses = new Set(value.uses.map(({ topic, part, access }) => `${access} ${part} ${topic}`))
    assert.deepEqual(
      [...uses].toSorted(),
      [
        `read value ${input}`,
        `read value ${repartition}`,
        `state value ${app.internalTopic('last-changelog')}`,
        `write value ${output}`,
        `write value ${repartition}`,
      ].toSorted(),
    )
  })
})
