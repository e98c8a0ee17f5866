import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { COMPRESSIONS, ensureCompressionReady } from '../../../src/kafka/records/compression/compression.js'
import {
  CorruptRecordError,
  UnsupportedRecordFormatError,
} from '../../../src/kafka/records/record-batch-errors.js'
import * as format from '../../../src/kafka/records/record-batch-format.js'
import { RecordCursor } from '../../../src/kafka/records/record-cursor.js'
import { arbitraryRecords, batchOf, chunkOf, current, edited, record } from './batches.js'

/** Reads a chunk to its end or its error; whatever is delivered must lie inside the buffer and go forward. */
const readSafely = (batch: Buffer): void => {
  const cursor = new RecordCursor({ maxUncompressedBytes: 1_000_000 })
  cursor.open(chunkOf([batch]))
  let last = -1
  try {
    while (cursor.next()) {
      assert.ok(cursor.offset > last && cursor.nextOffset > last)
      assert.ok(cursor.keyEnd <= cursor.buffer.length && cursor.valueEnd <= cursor.buffer.length)
      current(cursor)
      last = cursor.offset
    }
  } catch (error) {
    const expected = error instanceof CorruptRecordError || error instanceof UnsupportedRecordFormatError
    assert.ok(expected, `${error}`)
  }
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

  for (const compression of COMPRESSIONS) {
    test(`changed bytes under a checksum that fits (${compression})`, () => {
      fc.assert(
        fc.property(arbitraryRecords, arbitraryChanges, (records, changes) => {
          const batch = edited(batchOf(records, { compression }), (copy) => {
            for (const [at, value] of changes) {
              const span = copy.length - format.ATTRIBUTES_AT
              copy[format.ATTRIBUTES_AT + (at % span)] = value
            }
          })
          readSafely(batch)
        }),
        { numRuns: 150 },
      )
    })
  }
})
