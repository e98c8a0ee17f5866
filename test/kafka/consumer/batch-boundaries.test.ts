import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BatchBoundaries } from '../../../src/kafka/consumer/batch-boundaries.js'
import { CorruptRecordError } from '../../../src/kafka/records/record-batch-errors.js'
import { SimulatedLog } from '../../support/simulated-log.js'

const boundaries = new BatchBoundaries()
const from = (offset: number) => ({ topic: 't', partition: 2, offset })

test('the position after a cut-off range is behind its last complete batch', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
      fc.nat(1000),
      (sizes, cut) => {
        const log = new SimulatedLog()
        const ends = sizes.map((size) => {
          log.append(size)
          return { bytes: log.read(0, Number.MAX_SAFE_INTEGER, true).length, offset: log.endOffset }
        })
        const all = log.read(0, Number.MAX_SAFE_INTEGER, true)
        const length = cut % (all.length + 1)
        const complete = ends.findLast(({ bytes }) => bytes <= length)
        const shifted = Buffer.concat([Buffer.alloc(3), all])
        const scan = (): void => boundaries.scan(shifted, 3, 3 + length, from(0))
        if (complete === undefined) {
          assert.throws(scan, CorruptRecordError)
          return
        }
        scan()
        assert.deepEqual([boundaries.end, boundaries.nextOffset], [3 + complete.bytes, complete.offset])
      },
    ),
  )
})

test('bytes that are no batches are corrupt at their partition and offset, and never searched forever', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (random) => {
      try {
        boundaries.scan(Buffer.from(random), 0, random.length, from(7))
        assert.ok(boundaries.end <= random.length)
      } catch (error) {
        assert.ok(error instanceof CorruptRecordError, String(error))
        assert.deepEqual([error.topic, error.partition, error.offset], ['t', 2, 7])
      }
    }),
  )
  assert.throws(
    () => boundaries.scan(Buffer.alloc(100), 0, 100, from(7)),
    /Corrupt record batch in t-2 at offset 7: no complete batch in 100 bytes/,
  )
})

test('a first batch that is not whole is corrupt: fetching it again would bring the same', () => {
  const log = new SimulatedLog()
  log.append(3)
  const bytes = log.read(0, Number.MAX_SAFE_INTEGER, true)
  assert.throws(
    () => boundaries.scan(bytes, 0, bytes.length - 1, from(0)),
    /Corrupt record batch in t-2 at offset 0: no complete batch in \d+ bytes/,
  )
})

test('a good batch before bytes that are none is delivered first', () => {
  const log = new SimulatedLog()
  log.append(3)
  const bytes = log.read(0, Number.MAX_SAFE_INTEGER, true)
  boundaries.scan(Buffer.concat([bytes, Buffer.alloc(100)]), 0, bytes.length + 100, from(0))
  assert.deepEqual([boundaries.end, boundaries.nextOffset], [bytes.length, 3])
})

test('batches that end before what was asked for are corrupt', () => {
  const log = new SimulatedLog()
  log.append(3)
  const bytes = log.read(0, Number.MAX_SAFE_INTEGER, true)
  assert.throws(
    () => boundaries.scan(bytes, 0, bytes.length, from(3)),
    /Corrupt record batch in t-2 at offset 3: the batches fetched from there end before 3/,
  )
})
