import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { JoinWindows, StreamsBuilder, string } from '../../../src/index.js'
import {
  assertCounted,
  assertCountedAnew,
  countingApplication,
  countingTopology,
  numbered,
} from '../../support/counting.js'
import { assertRow, situation } from '../../support/error-table.js'
import { failureOf, startFailureOf } from '../../support/failure.js'
import { TestApplication } from '../../support/test-application.js'
import { uniqueName } from '../../support/unique-name.js'

describe('a topic', () => {
  situation('a source topic that does not exist', async (row) => {
    const app = await TestApplication.create({ cacheMaxBytes: 0 })
    await using _ = app
    const missing = uniqueName('missing')
    const output = await app.topic('output', 1)
    const stateless = new StreamsBuilder()
    stateless.stream(missing, { key: string(), value: string() }).to(output)
    const stateful = countingTopology(missing, output)
    for (const topology of [stateless.build(), stateful]) {
      const error = await startFailureOf(app.streams(topology))
      assertRow(error, row)
      assert.ok(error.message.includes(`'${missing}'`))
    }
    await app.client.create(missing, 2)
    await app.client.write(missing, numbered(50))
    await app.started(stateful)
    await app.committed(missing)
    await assertCounted(app, output, numbered(50))
  })

  situation('a source topic that is deleted while it is read', async (row) => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    await app.client.write(input, numbered(50))
    const streams = await app.started(topology)
    await app.committed(input)
    const failed = failureOf(streams)
    await app.client.admin.deleteTopics([input])
    const error = await failed
    assertRow(error, row)
    assert.ok(error.message.includes(input))
    await assertCounted(app, output, numbered(50))
    await app.reset(['counts-changelog'])
    await app.client.create(input, 2)
    await app.client.write(input, numbered(50))
    await app.started(topology)
    await app.committed(input)
    await assertCountedAnew(app, output, numbered(50))
  })

  situation('committed offsets whose records are gone', async (row) => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const records = numbered(50, { keys: 1 })
    await app.client.write(input, records)
    const streams = await app.started(topology)
    await app.committed(input)
    await streams.close()
    await app.client.write(input, records)
    const ends = await app.offsets(input, 'latest')
    const purged = ends.map((offset, partition) => ({ topic: input, partition, offset }))
    await app.client.admin.deleteRecords(purged.filter(({ offset }) => offset > 0))
    const restarted = app.streams(topology)
    const failed = failureOf(restarted)
    await restarted.start()
    const error = await failed
    assertRow(error, row)
    assert.ok(error.message.includes(`offset 50 of ${input}-`))
    await assertCounted(app, output, records)
    await app.resetOffsets(input, await app.offsets(input, 'earliest'))
    app.failures.length = 0
    await app.client.write(input, records)
    await app.started(topology)
    await app.committed(input)
    await assertCounted(app, output, [...records, ...records])
  })

  situation('an internal topic with another partition count', async (row) => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    await app.client.write(input, numbered(50))
    const changelog = app.internalTopic('counts-changelog')
    await app.client.create(changelog, 3)
    const error = await startFailureOf(app.streams(topology))
    assertRow(error, row)
    assert.ok(error.message.includes(`${changelog} has 3 partitions, the topology needs 2`))
    assert.deepEqual(await app.committedOffsets(input), [undefined, undefined])
    await app.client.admin.deleteTopics([changelog])
    await app.started(topology)
    await app.committed(input)
    await assertCounted(app, output, numbered(50))
  })

  situation('topics of different partition counts that are joined', async (row) => {
    const app = await TestApplication.create({ cacheMaxBytes: 0 })
    await using _ = app
    const [orders, payments] = [await app.topic('orders', 2), await app.topic('payments', 3)]
    const output = await app.topic('output', 1)
    const joined = (repartitioned: boolean) => {
      const builder = new StreamsBuilder()
      const left = builder.stream(orders, { key: string(), value: string() })
      const right = builder.stream(payments, { key: string(), value: string() })
      left
        .join(
          repartitioned ? right.repartition({ name: 'payments' }) : right,
          (order, payment) => `${order}+${payment}`,
          JoinWindows.of('1m'),
          { name: 'paid', store: 'paid' },
        )
        .to(output, { value: string() })
      return builder.build()
    }
    await app.client.write(orders, numbered(20))
    await app.client.write(payments, numbered(20))
    const error = await startFailureOf(app.streams(joined(false)))
    assertRow(error, row)
    assert.ok(error.message.startsWith('paid-merge brings together '))
    assert.deepEqual(await app.committedOffsets(orders), [undefined, undefined])
    await app.started(joined(true))
    await app.committed(orders)
    await app.committed(payments)
    await app.committed(app.internalTopic('payments-repartition'))
    // Of ten keys, the two records of one side meet the two of the other.
    assert.equal((await app.client.read(output)).length, 40)
  })

  for (const kind of ['fixed', 'chosen by the record']) {
    situation(`an output topic, ${kind}, that does not exist`, async (row) => {
      const { app, input } = await countingApplication()
      await using _ = app
      const missing = uniqueName('missing')
      const builder = new StreamsBuilder()
      const stream = builder.stream(input, { key: string(), value: string() })
      if (kind === 'fixed') stream.to(missing)
      else stream.to(() => missing)
      const topology = builder.build()
      const records = numbered(20, { keys: 1 })
      await app.client.write(input, records)
      const streams = app.streams(topology)
      const failed = failureOf(streams)
      await streams.start()
      const error = await failed
      assertRow(error, row)
      assert.ok(error.message.includes(`'${missing}'`))
      assert.deepEqual(await app.committedOffsets(input), [undefined, undefined])
      app.failures.length = 0
      await app.client.create(missing, 1)
      await app.started(topology)
      await app.committed(input)
      assert.deepEqual(
        (await app.client.read(missing)).map(({ value }) => value),
        records.map(({ value }) => value),
      )
    })
  }

  test('chosen by the record gets its records, by key and in order', async () => {
    const app = await TestApplication.create()
    await using _ = app
    const input = await app.topic('input', 2)
    const outputs = [await app.topic('even', 2), await app.topic('odd', 3)]
    const builder = new StreamsBuilder()
    builder.stream(input, { key: string(), value: string() }).to((_, value) => outputs[Number(value) % 2]!)
    const records = numbered(100, { keys: 10 })
    await app.client.write(input, records)
    await app.started(builder.build())
    await app.committed(input)
    for (const [remainder, output] of outputs.entries()) {
      const values = await app.valuesByKey(output)
      assert.equal(values.size, 5)
      for (const [key, written] of values) {
        const expected = records.filter((record) => record.key === key).map(({ value }) => value)
        assert.deepEqual(written, expected)
        assert.ok(written.every((value) => Number(value) % 2 === remainder))
      }
    }
  })
})
