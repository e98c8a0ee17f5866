import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder, string } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'

const texts = { key: string(), value: string() }
const RECORDS = 3000

describe('a join of a stream and a table that were there before it began', () => {
  for (const whose of ['of the records', 'that are extracted']) {
    test(`takes their records in the order of their timestamps, ${whose}`, async () => {
      await using app = await TestApplication.create({ fetchMaxBytes: 1024 * 1024 })
      const [stream, table, output] = [
        await app.topic('stream', 2),
        await app.topic('table', 2),
        await app.topic('output', 1),
      ]
      const extracted = whose === 'that are extracted'
      const builder = new StreamsBuilder()
      const timestamp = extracted ? ({ value }: { value: string }) => Number(value.split(':')[0]) : undefined
      builder
        .stream(stream, { ...texts, timestamp })
        .join(builder.table(table, { ...texts, timestamp }), (left, right) => `${left} ${right}`)
        .to(output, texts)
      // The row of a key is written at even times, and read at the odd times that follow.
      const at = (time: number, padding: string) => ({
        key: `k${time % 7}`,
        value: `${time}:${padding}`,
        timestamp: extracted ? 1 : time,
      })
      const times = Array.from({ length: RECORDS }, (_, index) => index)
      await app.client.write(
        table,
        times.map((index) => ({ ...at(14 * index, 'x'.repeat(300)), key: `k${index % 7}` })),
      )
      await app.client.write(
        stream,
        times.map((index) => ({ ...at(14 * index + 7, ''), key: `k${index % 7}` })),
      )
      await app.started(builder.build())
      await app.committed(stream, table)
      const results = await app.client.read(output)
      assert.equal(results.length, RECORDS)
      for (const { value } of results) {
        const [left, right] = value!.split(' ').map((part) => Number(part.split(':')[0]))
        assert.equal(left! - right!, 7, value!)
      }
    })
  }

  test('goes on where the other topic is empty, and waits for it where it is told to', async () => {
    await using app = await TestApplication.create({ commitInterval: 10 })
    const [stream, table, output] = [
      await app.topic('stream', 1),
      await app.topic('table', 1),
      await app.topic('output', 1),
    ]
    const builder = new StreamsBuilder()
    const rows = builder.table(table, texts)
    builder
      .stream(stream, texts)
      .leftJoin(rows, (left, right) => `${left}${right}`)
      .to(output, texts)
    const topology = builder.build()
    await app.client.write(stream, [{ key: 'a', value: '1', timestamp: 1 }])
    const first = await app.started(topology)
    await app.committed(stream)
    await first.close()
    await app.client.write(stream, [{ key: 'a', value: '2', timestamp: 5 }])
    await app.started(topology, { maxTaskIdle: '5m' })
    await app.client.write(table, [
      { key: 'a', value: 'x', timestamp: 4 },
      { key: 'a', value: 'y', timestamp: 6 },
    ])
    await app.committed(stream)
    assert.deepEqual(
      (await app.client.read(output)).map(({ value }) => value),
      ['1null', '2x'],
    )
  })
})
