import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { confluentWireFormat, glueWireFormat } from '../../../src/serdes/schema-registry/wire-formats.js'
import { SerdeError } from '../../../src/serdes/serde-error.js'

const UUID = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'

/** A header with a payload in the middle of a larger buffer, as records have it. */
const framed = (header: Uint8Array, payload: string) => {
  const source = Buffer.concat([Buffer.from('before'), header, Buffer.from(payload), Buffer.from('behind')])
  return { source, start: 6, end: source.length - 6 }
}

describe("Confluent's wire format", () => {
  test('is a byte 0 and the id in four bytes', () => {
    assert.deepEqual(confluentWireFormat.header(0x01020304), Buffer.of(0, 1, 2, 3, 4))
    assert.equal(confluentWireFormat.headerLength, 5)
    assert.equal(confluentWireFormat.unpack, undefined)
  })

  test('gives back every id', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (id) => {
        const { source, start, end } = framed(confluentWireFormat.header(id), 'payload')
        assert.equal(confluentWireFormat.idAt(source, start, end), id)
      }),
    )
  })

  test('has no id that is a UUID', () => {
    assert.throws(() => confluentWireFormat.header(UUID), SerdeError)
  })

  test('tells what it is not', () => {
    const json = Buffer.from('{"flight":1}')
    assert.throws(() => confluentWireFormat.idAt(json, 0, json.length), {
      name: 'SerdeError',
      message:
        'serde confluent wire format: the first byte is 123 and not 0: written without a schema registry, or for another kind of it',
    })
    assert.throws(() => confluentWireFormat.idAt(Buffer.from([9, 0, 0, 0, 0, 1]), 1, 5), {
      message: 'serde confluent wire format: 4 bytes are fewer than the 5 of the header',
    })
    assert.throws(() => confluentWireFormat.idAt(Buffer.of(0, 255, 255, 255, 255), 0, 5), {
      message: 'serde confluent wire format: no schema has the id -1',
    })
  })
})

describe("AWS Glue's wire format", () => {
  const plain = Buffer.from('03000a1b2c3d4e5f60718293a4b5c6d7e8f9', 'hex')

  test('is a byte 3, a byte for the packing and the UUID', () => {
    assert.deepEqual(glueWireFormat.header(UUID), plain)
    assert.equal(glueWireFormat.headerLength, 18)
  })

  test('gives back every UUID, in small letters', () => {
    for (let i = 0; i < 100; i++) {
      const id = randomUUID()
      const { source, start, end } = framed(glueWireFormat.header(id.toUpperCase()), 'payload')
      assert.equal(glueWireFormat.idAt(source, start, end), id)
    }
  })

  test('unpacks what was packed, and leaves the rest where it is', () => {
    const { source, start, end } = framed(plain, 'payload')
    assert.equal(glueWireFormat.unpack!(source, start, end), undefined)
    const packed = Buffer.concat([Buffer.of(3, 5), plain.subarray(2), deflateSync('payload')])
    const record = framed(packed, '')
    assert.equal(glueWireFormat.idAt(record.source, record.start, record.end), UUID)
    assert.equal(glueWireFormat.unpack!(record.source, record.start, record.end)?.toString(), 'payload')
  })

  test('does not fill all memory with a few bytes', () => {
    const bomb = Buffer.concat([Buffer.of(3, 5), plain.subarray(2), deflateSync(Buffer.alloc(2 ** 27 + 1))])
    assert.throws(() => glueWireFormat.unpack!(bomb, 0, bomb.length), SerdeError)
  })

  test('tells what it is not', () => {
    assert.throws(() => glueWireFormat.header(5), SerdeError)
    assert.throws(() => glueWireFormat.header('5'), SerdeError)
    const other = Buffer.concat([Buffer.of(3, 7), plain.subarray(2)])
    assert.throws(() => glueWireFormat.idAt(other, 0, other.length), {
      message: 'serde glue wire format: packing 7 is neither 0 (none) nor 5 (zlib)',
    })
    const unpackable = Buffer.concat([Buffer.of(3, 5), plain.subarray(2), Buffer.from('payload')])
    assert.throws(() => glueWireFormat.unpack!(unpackable, 0, unpackable.length), SerdeError)
  })
})

for (const format of [confluentWireFormat, glueWireFormat]) {
  test(`any bytes are an id or an error in the ${format.name}`, () => {
    const first = fc.constantFrom(0, 3, 5, 255)
    const bytes = fc
      .tuple(first, first, fc.uint8Array({ maxLength: 40 }))
      .map((parts) => Buffer.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part]))))
    fc.assert(
      fc.property(bytes, (source) => {
        try {
          format.idAt(source, 0, source.length)
          format.unpack?.(source, 0, source.length)
        } catch (error) {
          assert.ok(error instanceof SerdeError, String(error))
        }
      }),
    )
  })
}
