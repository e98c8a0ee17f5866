import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BatchBoundaries } from '../../../src/kafka/consumer/batch-boundaries.js'
import { MalformedResponseError } from '../../../src/kafka/protocol/wire-reader.js'
import { SimulatedLog } from '../../support/simulated-log.js'

const boundaries = new BatchBoundaries()

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
        const complete = ends.findLast(({ bytes }) => bytes <= length) ?? { bytes: 0, offset: 0 }
        const shifted = Buffer.concat([Buffer.alloc(3), all])
        boundaries.scan(shifted, 3, 3 + length, 0)
        assert.deepEqual([boundaries.end, boundaries.nextOffset], [3 + complete.bytes, complete.offset])
      },
    ),
  )
})

test('bytes that are no batches are malformed, or cut off, and never searched forever', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (random) => {
      try {
        boundaries.scan(Buffer.from(random), 0, random.length, 7)
        assert.ok(boundaries.end <= random.length)
      } catch (error) {
        assert.ok(error instanceof MalformedResponseError, String(error))
      }
    }),
  )
  assert.throws(() => boundaries.scan(Buffer.alloc(100), 0, 100, 0), MalformedResponseError)
})
