import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { COMPRESSIONS, ensureCompressionReady } from '../../../src/kafka/records/compression/compression.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import * as format from '../../../src/kafka/records/record-batch-format.js'
import type { ByteWriter } from '../../../src/serdes/byte-writer.js'
import { NO_HEADERS } from '../../../src/serdes/record-headers.js'
import type { Serde } from '../../../src/serdes/serde.js'
import { string } from '../../../src/serdes/string.js'
import { batchOf, chunkOf, readAll, record } from './batches.js'

const key = Buffer.from('some key')

const appendText = (builder: RecordBatchBuilder, timestamp: number, text: string | null): void =>
  builder.append(timestamp, key, 5, 8, text, string(), NO_HEADERS)

const sealed = (builder: RecordBatchBuilder): Buffer => builder.seal(9, 4, 100, true)

describe('a record batch builder', () => {
  test('serializes values straight into the same bytes as appending bytes gives', () => {
    const texts = [
      'a',
      'b'.repeat(63),
      'c'.repeat(64),
      '',
      'ü'.repeat(5000),
      'd',
      'e'.repeat(2_000_000),
      null,
      'f',
    ]
    const builder = new RecordBatchBuilder()
    for (const [index, text] of texts.entries()) appendText(builder, 1000 + index, text)
    const expected = batchOf(
      texts.map((text, index) => record(1000 + index, 'key', text)),
      { producerId: 9, producerEpoch: 4, baseSequence: 100, transactional: true },
    )
    assert.ok(sealed(builder).equals(expected))
  })

  test('takes its time from the first record and the greatest timestamp', () => {
    const batch = batchOf([record(50, null, 'a'), record(90, null, 'b'), record(20, null, 'c')])
    assert.equal(format.readInt64(batch, format.BASE_TIMESTAMP_AT), 50)
    assert.equal(format.readInt64(batch, format.MAX_TIMESTAMP_AT), 90)
    assert.deepEqual(
      readAll(chunkOf([batch])).records.map(({ timestamp }) => timestamp),
      [50, 90, 20],
    )
  })

  test('is full from its limit on, counts its bytes and still takes records', () => {
    const builder = new RecordBatchBuilder({ maxBytes: 100 })
    appendText(builder, 1, 'short')
    assert.deepEqual([builder.count, builder.full], [1, false])
    appendText(builder, 1, 'x'.repeat(100))
    assert.deepEqual([builder.count, builder.full], [2, true])
    appendText(builder, 1, 'more')
    assert.equal(builder.byteLength, sealed(builder).length)
    assert.equal(builder.count, 3)
  })

  test('begins anew after a reset', () => {
    const builder = new RecordBatchBuilder()
    appendText(builder, 7_000, 'left behind')
    builder.reset()
    assert.equal(builder.count, 0)
    appendText(builder, 3_000, 'kept')
    const { records } = readAll(chunkOf([sealed(builder)]))
    assert.deepEqual(
      records.map(({ timestamp, value }) => [timestamp, value?.toString()]),
      [[3_000, 'kept']],
    )
  })

  test('is as before when a serde throws in the middle of a value', () => {
    const failing: Serde<string> = {
      name: 'failing',
      serialize: (value: string, target: ByteWriter) => {
        target.writeUtf8(value)
        throw new TypeError('no such value')
      },
      deserialize: () => '',
    }
    const builder = new RecordBatchBuilder()
    const good = new RecordBatchBuilder()
    for (const text of ['one', 'two']) {
      assert.throws(() => builder.append(99, key, 0, 8, 'x'.repeat(20_000), failing, NO_HEADERS), TypeError)
      appendText(builder, 5, text)
      appendText(good, 5, text)
    }
    assert.ok(sealed(builder).equals(sealed(good)))
  })

  for (const compression of COMPRESSIONS) {
    test(`is sealed again with other ids (${compression}), and with records added since`, async () => {
      await ensureCompressionReady()
      const builder = new RecordBatchBuilder({ compression })
      appendText(builder, 5, 'one')
      const first = Buffer.from(sealed(builder))
      const second = builder.seal(12, 0, 0, false)
      assert.equal(format.readInt64(second, format.PRODUCER_ID_AT), 12)
      assert.deepEqual(readAll(chunkOf([second])), readAll(chunkOf([first])))
      appendText(builder, 5, 'two')
      assert.equal(readAll(chunkOf([sealed(builder)])).records.length, 2)
    })
  }

  test('refuses an empty batch and timestamps that no record can have', () => {
    const builder = new RecordBatchBuilder()
    assert.throws(() => sealed(builder), /must have a record/)
    for (const timestamp of [Number.NaN, 1.5, -2, 2 ** 53, Number.POSITIVE_INFINITY]) {
      assert.throws(() => appendText(builder, timestamp, 'a'), /timestamp/, String(timestamp))
    }
    appendText(builder, -1, 'without time')
    appendText(builder, 5, 'with time')
    for (const timestamp of [Number.NaN, 5.5, -2]) {
      assert.throws(() => appendText(builder, timestamp, 'a'), /timestamp/, String(timestamp))
    }
    assert.equal(builder.count, 2)
  })
})
