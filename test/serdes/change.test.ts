import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { change } from '../../src/serdes/change.js'
import { string } from '../../src/serdes/string.js'

const serde = change(string())

function written(newValue: string | null, oldValue: string | null): Buffer {
  const writer = new ByteWriter(4)
  serde.serialize({ newValue, oldValue }, writer)
  return writer.copy()
}

const read = (bytes: Buffer) => serde.deserialize(bytes, 0, bytes.length)

describe('a change of a table in a repartition topic', () => {
  it('is written as Kafka Streams writes it', () => {
    assert.deepEqual(written(null, 'old'), Buffer.from('old\x00'))
    assert.deepEqual(written('new', null), Buffer.from('new\x01'))
    // The length of the new value is a zigzag varint.
    assert.deepEqual(written('new', 'old'), Buffer.from('\x06newold\x02'))
  })

  it('comes back', () => {
    const value = fc.option(fc.string({ maxLength: 200 }), { nil: null })
    fc.assert(
      fc.property(value, value, (newValue, oldValue) => {
        fc.pre(newValue !== null || oldValue !== null)
        assert.deepEqual(read(written(newValue, oldValue)), { newValue, oldValue })
      }),
    )
  })

  it('is read also where it says whether it is the latest', () => {
    assert.deepEqual(read(Buffer.from('old\x01\x03')), { newValue: null, oldValue: 'old' })
    assert.deepEqual(read(Buffer.from('new\x00\x04')), { newValue: 'new', oldValue: null })
    assert.deepEqual(read(Buffer.from('\x06newold\x01\x05')), { newValue: 'new', oldValue: 'old' })
  })

  it('is refused where it is none', () => {
    assert.throws(() => written(null, null), /an old value or a new one/)
    for (const bytes of ['', 'x\x09', '\x04', '\x20new\x02']) {
      assert.throws(() => read(Buffer.from(bytes)), /change\(string\)/)
    }
  })
})
