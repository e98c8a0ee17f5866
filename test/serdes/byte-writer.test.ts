import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ByteWriter } from '../../src/serdes/byte-writer.js'

/** Any UTF-16, lone surrogates included, around the lengths where the way of writing changes. */
const arbitraryText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
)

describe('a byte writer', () => {
  test('writes text as UTF-8, one after another, as Buffer does', () => {
    fc.assert(
      fc.property(fc.array(arbitraryText, { maxLength: 8 }), (texts) => {
        const writer = new ByteWriter(1)
        for (const text of texts) writer.writeUtf8(text)
        assert.ok(writer.view().equals(Buffer.concat(texts.map((text) => Buffer.from(text)))))
      }),
    )
  })

  test('writes parts of other buffers, short and long', () => {
    const source = Buffer.from(Array.from({ length: 300 }, (_, index) => index & 0xff))
    const arbitraryPart = fc.tuple(fc.nat({ max: 150 }), fc.nat({ max: 150 }))
    fc.assert(
      fc.property(fc.array(arbitraryPart, { maxLength: 8 }), (parts) => {
        const writer = new ByteWriter(1)
        for (const [start, length] of parts) writer.writeBytes(source, start, start + length)
        const expected = parts.map(([start, length]) => source.subarray(start, start + length))
        assert.ok(writer.view().equals(Buffer.concat(expected)))
      }),
    )
  })

  test('writes every safe integer as a varlong, to the last digit', () => {
    const zigzag = (value: bigint): Buffer => {
      const bytes: number[] = []
      let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
      for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
      return Buffer.from([...bytes, Number(rest)])
    }
    const assertWritten = (value: number): void => {
      const writer = new ByteWriter(1)
      writer.writeVarlong(value)
      assert.deepEqual(writer.view(), zigzag(BigInt(value)), `${value}`)
    }
    for (let bit = 0; bit <= 53; bit++) {
      for (const near of [-2, -1, 0, 1]) {
        const value = 2 ** bit + near
        if (Number.isSafeInteger(value)) [value, -value].forEach(assertWritten)
      }
    }
    fc.assert(fc.property(fc.maxSafeInteger(), assertWritten))
  })
})
