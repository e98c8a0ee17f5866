import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { MalformedResponseError, WireReader } from '../../../src/kafka/protocol/wire-reader.js'
import { WireWriter } from '../../../src/kafka/protocol/wire-writer.js'

const roundTrip = <T>(write: (writer: WireWriter) => void, read: (reader: WireReader) => T): T => {
  const writer = new WireWriter(1)
  write(writer)
  const reader = new WireReader(writer.copy())
  const value = read(reader)
  assert.equal(reader.remaining, 0)
  return value
}

const text = fc.string({ unit: 'grapheme', maxLength: 300 })
const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })

describe('what a writer writes, a reader reads', () => {
  test('integers', () => {
    fc.assert(
      fc.property(
        int32,
        fc.maxSafeInteger(),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (small, large, unsigned) => {
          assert.equal(
            roundTrip(
              (writer) => writer.writeInt32(small),
              (reader) => reader.readInt32(),
            ),
            small,
          )
          assert.equal(
            roundTrip(
              (writer) => writer.writeInt64(large),
              (reader) => reader.readInt64(),
            ),
            large,
          )
          const int16 = (small << 16) >> 16
          assert.equal(
            roundTrip(
              (writer) => writer.writeInt16(int16),
              (reader) => reader.readInt16(),
            ),
            int16,
          )
          const int8 = (small << 24) >> 24
          assert.equal(
            roundTrip(
              (writer) => writer.writeInt8(int8),
              (reader) => reader.readInt8(),
            ),
            int8,
          )
          assert.equal(
            roundTrip(
              (writer) => writer.writeUnsignedVarint(unsigned),
              (reader) => reader.readUnsignedVarint(),
            ),
            unsigned,
          )
        },
      ),
    )
  })

  test('texts, byte arrays and null, in both forms', () => {
    fc.assert(
      fc.property(fc.option(text), (value) => {
        const well = value?.toWellFormed() ?? null
        assert.equal(
          roundTrip(
            (writer) => writer.writeString(well),
            (reader) => reader.readString(),
          ),
          well,
        )
        assert.equal(
          roundTrip(
            (writer) => writer.writeCompactString(well),
            (reader) => reader.readCompactString(),
          ),
          well,
        )
        const bytes = well === null ? null : Buffer.from(well)
        assert.deepEqual(
          roundTrip(
            (writer) => writer.writeByteArray(bytes),
            (reader) => reader.readByteArray(),
          ),
          bytes,
        )
        assert.deepEqual(
          roundTrip(
            (writer) => writer.writeCompactByteArray(bytes),
            (reader) => reader.readCompactByteArray(),
          ),
          bytes,
        )
        assert.equal(
          roundTrip(
            (writer) => writer.writeCompactByteArray(bytes),
            (reader) => reader.skipCompactByteArray(),
          ),
          bytes?.length ?? -1,
        )
      }),
    )
  })

  test('arrays, booleans and topic ids', () => {
    fc.assert(
      fc.property(
        fc.array(int32),
        fc.boolean(),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (items, flag, id) => {
          assert.deepEqual(
            roundTrip(
              (writer) => writer.writeArray(items, (item) => writer.writeInt32(item)),
              (reader) => reader.readArray(() => reader.readInt32()),
            ),
            items,
          )
          assert.deepEqual(
            roundTrip(
              (writer) => writer.writeCompactArray(items, (item) => writer.writeInt32(item)),
              (reader) => reader.readCompactArray(() => reader.readInt32()),
            ),
            items,
          )
          assert.equal(
            roundTrip(
              (writer) => writer.writeBoolean(flag),
              (reader) => reader.readBoolean(),
            ),
            flag,
          )
          const hex = Buffer.from(id).toString('hex')
          assert.equal(
            roundTrip(
              (writer) => writer.writeUuid(hex),
              (reader) => reader.readUuid(),
            ),
            hex,
          )
        },
      ),
    )
  })
})

test('tagged fields that nobody asked for are passed over', () => {
  const writer = new WireWriter()
  writer.writeUnsignedVarint(2)
  for (const [tag, value] of [
    [0, 'first'],
    [700, 'second'],
  ] as const) {
    writer.writeUnsignedVarint(tag)
    writer.writeUnsignedVarint(value.length)
    writer.writeUtf8(value)
  }
  writer.writeInt32(42)
  const reader = new WireReader(writer.copy())
  reader.skipTaggedFields()
  assert.equal(reader.readInt32(), 42)
})

test('a value that does not fit into what is left is malformed', () => {
  const reads: ((reader: WireReader) => unknown)[] = [
    (reader) => reader.readInt64(),
    (reader) => reader.readUuid(),
    (reader) => reader.readString(),
    (reader) => reader.readCompactString(),
    (reader) => reader.readByteArray(),
    (reader) => reader.readCompactByteArray(),
    (reader) => reader.skipCompactByteArray(),
    (reader) => reader.readArray(() => reader.readInt8()),
    (reader) => reader.readCompactArray(() => reader.readInt8()),
    (reader) => reader.skipTaggedFields(),
    (reader) => reader.skip(6),
  ]
  for (const read of reads) {
    assert.throws(
      () => read(new WireReader(Buffer.from([0x7f, 0xff, 0xff, 0xff, 0x0f]))),
      MalformedResponseError,
    )
  }
  assert.throws(() => new WireReader(Buffer.alloc(5, 0xff)).readUnsignedVarint(), MalformedResponseError)
})
