import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ensureCompressionReady } from '../../../src/kafka/records/compression/compression.js'
import { loadCompressionOf } from '../../../src/kafka/records/load-compression.js'
import {
  CorruptRecordError,
  UnsupportedRecordFormatError,
} from '../../../src/kafka/records/record-batch-errors.js'
import * as format from '../../../src/kafka/records/record-batch-format.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'
import { NO_HEADERS } from '../../../src/serdes/record-headers.js'
import {
  arbitraryRecords,
  batchOf,
  chunkOf,
  compacted,
  current,
  edited,
  endOffset,
  marker,
  offsetsOf,
  type PlainRecord,
  readAll,
  record,
} from './batches.js'

const letters = (text: string, timestamp = 1000): PlainRecord[] =>
  [...text].map((letter, index) => record(timestamp + index, letter, `value of ${letter}`))

const assertCorrupt = (batch: Buffer, message: RegExp): void => {
  const cursor = new RecordCursor()
  cursor.open(chunkOf([batch]))
  const readThrough = (): void => {
    while (cursor.next()) cursor.headers
  }
  assert.throws(readThrough, (error) => error instanceof CorruptRecordError && message.test(error.message))
}

describe('a record cursor', () => {
  test('gives back any records', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRecords, { maxLength: 4 }), (batches) => {
        const log = batches.map((records) => batchOf(records))
        let offset = 0
        for (const batch of log) {
          format.writeInt64(batch, offset, 0)
          offset = endOffset(batch)
        }
        const expected = batches.flat().map((plain, index) => ({ ...plain, offset: index }))
        assert.deepEqual(readAll(chunkOf(log)), { records: expected, nextOffset: offset })
      }),
      { numRuns: 60 },
    )
  })

  test('leaves out what is before the fetch offset', () => {
    const log = [batchOf(letters('abcd'), { baseOffset: 10 }), batchOf(letters('ef'), { baseOffset: 14 })]
    assert.deepEqual(offsetsOf(chunkOf(log, { fetchOffset: 12 })), [12, 13, 14, 15])
    assert.deepEqual(offsetsOf(chunkOf(log, { fetchOffset: 14 })), [14, 15])
    assert.deepEqual(readAll(chunkOf(log, { fetchOffset: 16 })), { records: [], nextOffset: 16 })
  })

  test('tells of each batch that it gives records of, and how many', () => {
    const log = [
      batchOf(letters('abcd', 1000), { baseOffset: 10 }),
      marker('commit', 14, 1),
      batchOf(letters('ef', 2000), { baseOffset: 15 }),
    ]
    const begun: [number, number][] = []
    const cursor = new RecordCursor(
      {},
      { batchBegun: ({ maxTimestamp }, records) => void begun.push([maxTimestamp, records]) },
    )
    cursor.open(chunkOf(log, { fetchOffset: 12 }))
    assert.deepEqual(begun, [])
    cursor.next()
    assert.deepEqual(begun, [[1003, 2]])
    while (cursor.next());
    assert.deepEqual(begun, [
      [1003, 2],
      [2001, 2],
    ])
  })

  test('tells the timestamp of the next batch without going there', () => {
    const cursor = new RecordCursor()
    assert.equal(cursor.nextBatchTimestamp, undefined)
    const log = [batchOf(letters('ab', 1000)), batchOf(letters('c', 2000), { baseOffset: 2 })]
    cursor.open(chunkOf(log))
    assert.equal(cursor.nextBatchTimestamp, 1000)
    cursor.next()
    assert.equal(cursor.nextBatchTimestamp, 2000)
    assert.equal(cursor.inBatch, true)
    cursor.next()
    assert.equal(cursor.inBatch, false)
    cursor.next()
    assert.equal(cursor.nextBatchTimestamp, undefined)
  })

  test('tells at each record where to go on behind it', () => {
    const log = [
      compacted(letters('abcdef'), [1, 3], { baseOffset: 20 }),
      batchOf(letters('gh'), { baseOffset: 26 }),
    ]
    const cursor = new RecordCursor()
    cursor.open(chunkOf(log, { fetchOffset: 20 }))
    const steps: [number, number][] = []
    while (cursor.next()) steps.push([cursor.offset, cursor.nextOffset])
    assert.deepEqual(steps, [
      [21, 22],
      [23, 24],
      [26, 27],
      [27, 28],
    ])
  })

  test('passes gaps at the end of a batch and batches that compaction has emptied', () => {
    const gapAtEnd = compacted(letters('abc'), [0])
    const empty = compacted(letters('abcd'), [], { baseOffset: 3 })
    assert.deepEqual(readAll(chunkOf([gapAtEnd])).nextOffset, 3)
    assert.deepEqual(readAll(chunkOf([empty], { fetchOffset: 3 })), { records: [], nextOffset: 7 })
    const behind = batchOf(letters('x'), { baseOffset: 7 })
    assert.deepEqual(offsetsOf(chunkOf([gapAtEnd, empty, behind])), [0, 7])
  })

  test('passes control batches, whatever they say', () => {
    const log = [
      batchOf(letters('a')),
      marker('commit', 1, 5),
      batchOf(letters('b'), { baseOffset: 2 }),
      marker('abort', 3, 5),
    ]
    for (const isolation of ['read_committed', 'read_uncommitted'] as const) {
      const { records, nextOffset } = readAll(chunkOf(log), isolation)
      assert.deepEqual([records.map(({ offset }) => offset), nextOffset], [[0, 2], 4])
    }
  })

  test("gives the broker's time where the broker sets it", () => {
    const batch = edited(batchOf(letters('abc')), (copy) => {
      copy[format.ATTRIBUTES_AT + 1]! |= format.LOG_APPEND_TIME_FLAG
      format.writeInt64(copy, 1_700_000_000_000, format.MAX_TIMESTAMP_AT)
    })
    const { records } = readAll(chunkOf([batch]))
    assert.deepEqual(
      records.map(({ timestamp }) => timestamp),
      Array.from({ length: 3 }, () => 1_700_000_000_000),
    )
  })

  test('ends at a batch that is cut off, wherever the cut is', () => {
    const whole = batchOf(letters('ab'))
    const next = batchOf(letters('cd'), { baseOffset: 2 })
    for (let length = 0; length < next.length; length++) {
      const { records, nextOffset } = readAll(chunkOf([whole, next.subarray(0, length)]))
      assert.deepEqual([records.length, nextOffset], [2, 2])
    }
  })

  test('reads batches over 1 MB', () => {
    const records = [record(1, 'k', Buffer.alloc(1_500_000, 'x')), record(2, 'k', Buffer.alloc(300, 'y'))]
    assert.deepEqual(
      readAll(chunkOf([batchOf(records)])).records.map(({ value }) => value),
      records.map(({ value }) => value),
    )
  })

  test('shares one object for records without headers, and gives headers their own memory', () => {
    const chunk = chunkOf([
      batchOf([record(1, 'k', 'v'), record(2, 'k', 'v', [{ key: 'trace', value: Buffer.from('abc') }])]),
    ])
    const cursor = new RecordCursor()
    cursor.open(chunk)
    cursor.next()
    assert.equal(cursor.headers, NO_HEADERS)
    cursor.next()
    const [header] = cursor.headers
    chunk.buffer.fill(0)
    assert.equal(header!.value!.toString(), 'abc')
  })

  test('lets go of a chunk that it has read', () => {
    const cursor = new RecordCursor()
    const chunk = chunkOf([batchOf(letters('a'))])
    cursor.open(chunk)
    assert.deepEqual([cursor.next(), cursor.buffer === chunk.buffer], [true, true])
    assert.deepEqual([cursor.next(), cursor.buffer.length, cursor.next()], [false, 0, false])
  })

  test('keeps offsets beyond 2^32 exact', () => {
    const baseOffset = Number.MAX_SAFE_INTEGER - 5
    assert.deepEqual(offsetsOf(chunkOf([batchOf(letters('ab'), { baseOffset })])), [
      baseOffset,
      baseOffset + 1,
    ])
  })
})

describe('a record cursor refuses', () => {
  test('a batch whose bytes have changed, naming topic, partition and offset', () => {
    const batch = batchOf(letters('ab'), { baseOffset: 42 })
    batch[batch.length - 1]! ^= 1
    assertCorrupt(
      batch,
      /^Corrupt record batch in orders-3 at offset 42: checksum 0x[0-9a-f]{8}, but its bytes give 0x/,
    )
  })

  test('the same batch again at every further call, and delivers nothing twice', () => {
    const bad = edited(batchOf(letters('ab')), (copy) => copy.fill(0xff, copy.length - 3))
    const cursor = new RecordCursor()
    cursor.open(chunkOf([bad]))
    assert.equal(cursor.next(), true)
    for (let call = 0; call < 3; call++) assert.throws(() => cursor.next(), CorruptRecordError)
    assert.equal(cursor.nextOffset, 1)
  })

  test('a batch whose offsets begin before the end of the one before it, again at every further call', () => {
    const cursor = new RecordCursor()
    cursor.open(chunkOf([batchOf(letters('ab')), batchOf(letters('cd'), { baseOffset: 1 })]))
    while (cursor.nextOffset < 2) assert.equal(cursor.next(), true)
    for (let call = 0; call < 3; call++) {
      assert.throws(() => cursor.next(), /orders-3 at offset 1: it comes behind a batch that ends at 1$/)
    }
    assert.equal(cursor.nextOffset, 2)
  })

  test('message formats of other times', () => {
    for (const magic of [0, 1]) {
      const chunk = chunkOf([edited(batchOf(letters('a')), (copy) => copy.writeInt8(magic, format.MAGIC_AT))])
      assert.throws(() => readAll(chunk), UnsupportedRecordFormatError)
      assert.throws(() => readAll(chunk), /orders-3 at offset 0 have message format \d; only format 2/)
    }
    assertCorrupt(
      edited(batchOf(letters('a')), (copy) => copy.writeInt8(3, format.MAGIC_AT)),
      /unknown message format 3/,
    )
  })

  test('lengths that cannot be', () => {
    const batch = batchOf(letters('ab'))
    const with32 = (at: number, value: number): Buffer =>
      edited(batch, (copy) => copy.writeInt32BE(value, at))
    const withByte = (at: number, value: number): Buffer =>
      edited(batch, (copy) => copy.writeUInt8(value, format.BATCH_HEADER_BYTES + at))
    assertCorrupt(with32(format.BATCH_LENGTH_AT, 48), /batch of 60 bytes/)
    assertCorrupt(with32(format.BATCH_LENGTH_AT, -100), /batch of -88 bytes/)
    assertCorrupt(with32(format.RECORD_COUNT_AT, -1), /-1 records/)
    assertCorrupt(with32(format.RECORD_COUNT_AT, 0x7fff_ffff), /record of -?\d+ bytes, 0 left/)
    assertCorrupt(with32(format.RECORD_COUNT_AT, 1), /\d+ bytes behind the last record/)
    assertCorrupt(with32(format.LAST_OFFSET_DELTA_AT, 0), /offset 1 outside the batch, which ends at 0/)
    assertCorrupt(with32(format.LAST_OFFSET_DELTA_AT, -1), /up to offset -1/)
    assertCorrupt(withByte(0, 0x7e), /record of 63 bytes, \d+ left/)
    assertCorrupt(withByte(0, 0x01), /record of -1 bytes/)
    assertCorrupt(withByte(4, 0x7e), /63 bytes of key, value or header/)
    assertCorrupt(withByte(6, 0x7e), /63 bytes of key, value or header/)
  })

  test('varints without an end', () => {
    const batch = batchOf([record(1, Buffer.alloc(30), 'v')])
    const filled = edited(batch, (copy) => copy.fill(0xff, format.BATCH_HEADER_BYTES))
    assertCorrupt(filled, /varint without an end/)
    const timestamp = edited(batch, (copy) => copy.fill(0xff, format.BATCH_HEADER_BYTES + 2))
    assertCorrupt(timestamp, /varlong without an end/)
  })

  test('headers that do not fit', () => {
    const batch = batchOf([record(1, 'k', 'v', [{ key: 'name', value: Buffer.from('value') }])])
    const headerAt = batch.length - 'name'.length - 'value'.length - 3
    const withByte = (at: number, value: number): Buffer =>
      edited(batch, (copy) => copy.writeUInt8(value, at))
    assertCorrupt(withByte(headerAt, 4), /header without a key|bytes of key, value or header/)
    assertCorrupt(withByte(headerAt, 1), /do not add up/)
    assertCorrupt(withByte(headerAt + 1, 1), /header without a key/)
    assertCorrupt(withByte(headerAt + 1, 0x7e), /63 bytes of key, value or header/)
    assertCorrupt(withByte(headerAt + 6, 2), /headers do not fill their record/)
  })

  test('headers that do not fit, but no record behind them', () => {
    const withHeader = record(1, 'k', 'v', [{ key: 'name', value: Buffer.from('value') }])
    const batch = batchOf([withHeader, record(2, 'next', 'v')])
    const headerAt = batchOf([withHeader]).length - 'name'.length - 'value'.length - 2
    const cursor = new RecordCursor()
    cursor.open(chunkOf([edited(batch, (copy) => copy.writeUInt8(0x7e, headerAt))]))
    cursor.next()
    assert.throws(() => cursor.headers, CorruptRecordError)
    cursor.next()
    assert.equal(current(cursor).key!.toString(), 'next')
  })

  test('a compression type that does not exist', () => {
    const batch = edited(batchOf(letters('a')), (copy) => copy.writeInt16BE(6, format.ATTRIBUTES_AT))
    assertCorrupt(batch, /unknown compression type 6/)
  })
})

describe('zstd is loaded', () => {
  test('for the first chunk that needs it', async () => {
    assert.equal(loadCompressionOf(chunkOf([batchOf(letters('a'))])), undefined)
    const zstdInHeader = edited(batchOf(letters('a'), { baseOffset: 1 }), (copy) =>
      copy.writeInt16BE(4, format.ATTRIBUTES_AT),
    )
    const chunk = chunkOf([batchOf(letters('a')), zstdInHeader])
    assert.throws(() => readAll(chunk), /ensureCompressionReady/)
    await loadCompressionOf(chunk)
    assert.equal(loadCompressionOf(chunk), undefined)
    await ensureCompressionReady()
    assertCorrupt(zstdInHeader, /no zstd frame/)
  })
})
