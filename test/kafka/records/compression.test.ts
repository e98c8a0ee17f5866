import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  COMPRESSIONS,
  type Compression,
  compressor,
  decompressor,
  ensureCompressionReady,
} from '../../../src/kafka/records/compression/compression.js'

const CODECS = COMPRESSIONS.filter((compression) => compression !== 'none')
const LIMIT = 16 * 1024 * 1024

/** Runs of equal bytes, so that there is something to compress. */
const arbitraryRuns = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 8000 })), {
    maxLength: 40,
  })
  .map((runs) => Buffer.concat(runs.map(([bytes, length]) => Buffer.alloc(length, Buffer.from(bytes)))))

const arbitraryBytes = fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes))

const decompress = (compression: Compression, source: Buffer, maxBytes = LIMIT): Buffer =>
  decompressor(compression)(source, maxBytes)

describe('compression', () => {
  before(ensureCompressionReady)

  for (const compression of CODECS) {
    test(`${compression} gives back any bytes`, () => {
      fc.assert(
        fc.property(fc.oneof(arbitraryRuns, arbitraryBytes), (bytes) => {
          const compressed = compressor(compression)(bytes)
          assert.ok(decompress(compression, compressed).equals(bytes))
        }),
        { numRuns: 60 },
      )
    })

    test(`${compression} gives at most the bytes that are allowed`, () => {
      const compressed = compressor(compression)(Buffer.alloc(3_000_000, 'x'))
      assert.equal(decompress(compression, compressed, 3_500_000).length, 3_000_000)
      assert.throws(() => decompress(compression, compressed, 2_999_999))
    })

    test(`${compression} turns changed or missing bytes into an error or other bytes, never more than allowed`, () => {
      const compressed = compressor(compression)(
        Buffer.from('some records, some records, and more '.repeat(60)),
      )
      const arbitraryChange = fc.record({
        at: fc.nat({ max: compressed.length - 1 }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
        length: fc.oneof(fc.constant(compressed.length), fc.nat({ max: compressed.length })),
      })
      fc.assert(
        fc.property(arbitraryChange, ({ at, bytes, length }) => {
          const changed = Buffer.from(compressed)
          changed.set(bytes.subarray(0, changed.length - at), at)
          try {
            assert.ok(decompress(compression, changed.subarray(0, length), 100_000).length <= 100_000)
          } catch (error) {
            assert.ok(error instanceof Error && error.name !== 'AssertionError', String(error))
          }
        }),
        { numRuns: 400 },
      )
    })
  }

  test('snappy without the stream format of Java is read too', () => {
    const stream = compressor('snappy')(Buffer.from('hello hello hello hello'))
    const block = stream.subarray(20)
    assert.equal(decompress('snappy', block).toString(), 'hello hello hello hello')
  })

  test('a size that a few bytes cannot hold is refused before memory is taken for it', () => {
    const twoGigabytes = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0, 0, 0])
    assert.throws(() => decompress('snappy', twoGigabytes, 2 ** 40), /claims 2147483647 uncompressed/)
    const zstdClaim = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0x80, 0, 0, 0, 0, 1, 0, 0])
    assert.throws(
      () => decompress('zstd', zstdClaim, 2 ** 40),
      /claims 2147483648 bytes, its blocks hold at most 0/,
    )
  })
})
