import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { COMPRESSIONS, ensureCompressionReady } from '../../../src/kafka/records/compression/compression.js'
import type { FetchedChunk } from '../../../src/kafka/records/fetched-chunk.js'
import {
  CorruptRecordError,
  UnsupportedRecordFormatError,
} from '../../../src/kafka/records/record-batch-errors.js'
import * as format from '../../../src/kafka/records/record-batch-format.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'
import {
  arbitraryRecords,
  batchOf,
  chunkOf,
  current,
  edited,
  marker,
  type ReadRecord,
  readAll,
  record,
} from './batches.js'

const RUNS = 500
const MOST_BYTES = 1_000_000
/** How long it may take to go through a small chunk, whatever it holds. */
const AT_ONCE_MS = 2_000

/** Asserts that a field of the record in hand lies where records may: in the chunk, or in what was decompressed. */
const assertInside = (
  cursor: RecordCursor,
  { buffer, start, end }: FetchedChunk,
  from: number,
  to: number,
): void => {
  const inChunk = cursor.buffer === buffer
  const [first, last] = inChunk ? [start + format.BATCH_HEADER_BYTES, end] : [0, cursor.buffer.length]
  assert.ok(from >= first && from <= to && to <= last, `${from} to ${to} is not within ${first} to ${last}`)
  assert.ok(inChunk || cursor.buffer.length <= MOST_BYTES)
}

/** Reads a chunk to its end or its error, at once; whatever is delivered must lie inside and go forward. */
const readSafely = (batch: Buffer): void => {
  const cursor = new RecordCursor({ maxUncompressedBytes: MOST_BYTES })
  const chunk = chunkOf([batch])
  const started = performance.now()
  cursor.open(chunk)
  let last = -1
  try {
    while (cursor.next()) {
      assert.ok(cursor.offset > last && cursor.nextOffset > last)
      if (cursor.keyEnd >= 0) assertInside(cursor, chunk, cursor.keyStart, cursor.keyEnd)
      if (cursor.valueEnd >= 0) assertInside(cursor, chunk, cursor.valueStart, cursor.valueEnd)
      current(cursor)
      last = cursor.offset
    }
  } catch (error) {
    if (!(error instanceof CorruptRecordError || error instanceof UnsupportedRecordFormatError)) throw error
    const { topic, partition } = error
    assert.deepEqual({ topic, partition }, { topic: chunk.topic, partition: chunk.partition })
  }
  assert.ok(performance.now() - started < AT_ONCE_MS)
}

/** Changes bytes at or behind `from`; undefined where that changes nothing. */
const changedBehind = (
  batch: Buffer,
  from: number,
  changes: readonly [number, number][],
): Buffer | undefined => {
  const changed = Buffer.from(batch)
  for (const [at, value] of changes) changed[from + (at % (changed.length - from))] = value
  return changed.equals(batch) ? undefined : changed
}

const arbitraryChanges = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
  minLength: 1,
  maxLength: 6,
})

describe('a chunk of bytes that are not what they should be', () => {
  before(ensureCompressionReady)

  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => readSafely(Buffer.from(bytes))),
      { numRuns: 500 },
    )
  })

  test('random bytes behind a header that fits them', () => {
    const header = batchOf([record(1, 'k', 'v')]).subarray(0, format.BATCH_HEADER_BYTES)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer(),
        fc.integer({ min: 0, max: 4 }),
        (bytes, count, codec) => {
          const batch = edited(Buffer.concat([header, bytes]), (copy) => {
            copy.writeInt32BE(copy.length - format.LOG_OVERHEAD_BYTES, format.BATCH_LENGTH_AT)
            copy.writeInt32BE(count, format.RECORD_COUNT_AT)
            copy.writeInt32BE(0x7fff_ffff, format.LAST_OFFSET_DELTA_AT)
            copy.writeInt16BE(codec, format.ATTRIBUTES_AT)
          })
          readSafely(batch)
        },
      ),
      { numRuns: 1500 },
    )
  })

  test('changed bytes of transactions and their markers never give a record that is not one of theirs', () => {
    const inTransaction = (baseOffset: number, producerId: number): Buffer =>
      batchOf([record(1, 'a', `${baseOffset}`), record(2, 'b', `${baseOffset + 1}`)], {
        baseOffset,
        producerId,
        producerEpoch: 0,
        baseSequence: 0,
        transactional: true,
      })
    const batches = [
      batchOf([record(0, Buffer.alloc(4), 'plain')], { baseOffset: 0 }),
      inTransaction(1, 7),
      inTransaction(3, 8),
      marker('abort', 5, 7),
      inTransaction(6, 7),
      marker('commit', 8, 8),
      marker('commit', 9, 7),
    ]
    const abortedTransactions = [{ producerId: 7, firstOffset: 1 }]
    const { records: expected } = readAll(chunkOf(batches, { abortedTransactions }))
    assert.deepEqual(
      expected.map(({ offset }) => offset),
      [0, 3, 4, 6, 7],
    )
    fc.assert(
      fc.property(fc.nat(batches.length - 1), arbitraryChanges, (index, changes) => {
        // The checksum does not cover the base offset.
        const changed = changedBehind(batches[index]!, format.BATCH_LENGTH_AT, changes)
        if (changed === undefined) return
        const cursor = new RecordCursor()
        const read: ReadRecord[] = []
        cursor.open(chunkOf(batches.with(index, changed), { abortedTransactions }))
        try {
          while (cursor.next()) read.push(current(cursor))
        } catch (error) {
          assert.ok(error instanceof CorruptRecordError || error instanceof UnsupportedRecordFormatError)
        }
        assert.deepEqual(read, expected.slice(0, read.length))
      }),
      { numRuns: 3_000 },
    )
  })

  for (const compression of COMPRESSIONS) {
    test(`changed bytes under a checksum that fits (${compression})`, () => {
      fc.assert(
        fc.property(arbitraryRecords, arbitraryChanges, (records, changes) => {
          const changed = changedBehind(batchOf(records, { compression }), format.ATTRIBUTES_AT, changes)
          if (changed !== undefined) readSafely(edited(changed, () => {}))
        }),
        { numRuns: RUNS },
      )
    })

    test(`changed bytes under a checksum that does not fit are always an error (${compression})`, () => {
      fc.assert(
        fc.property(arbitraryRecords, arbitraryChanges, (records, changes) => {
          const batch = batchOf(records, { compression, baseOffset: 40 })
          const changed = changedBehind(batch, format.CRC_AT, changes)
          if (changed === undefined) return
          const cursor = new RecordCursor({ maxUncompressedBytes: MOST_BYTES })
          cursor.open(chunkOf([changed], { fetchOffset: 40 }))
          assert.throws(
            () => cursor.next(),
            (error) => {
              assert.ok(error instanceof CorruptRecordError)
              const { topic, partition, offset, message } = error
              assert.deepEqual({ topic, partition, offset }, { topic: 'orders', partition: 3, offset: 40 })
              assert.match(message, /orders-3 at offset 40: checksum 0x[0-9a-f]{8}, but its bytes give/)
              return true
            },
          )
        }),
        { numRuns: RUNS },
      )
    })
  }
})
