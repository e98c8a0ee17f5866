import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import {
  combinedKey,
  foreignKeyPrefix,
  type Instruction,
  subscription,
  subscriptionAnswer,
} from '../../src/serdes/foreign-key.js'
import type { Serde } from '../../src/serdes/serde.js'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { string } from '../../src/serdes/string.js'

function bytesOf<T>(serde: Serde<T>, value: T): Buffer {
  const writer = new ByteWriter(16)
  serde.serialize(value, writer)
  return writer.copy()
}

/** From the middle of a larger buffer, as it comes in a record. */
function reread<T>(serde: Serde<T>, value: T): T {
  const bytes = bytesOf(serde, value)
  const source = Buffer.concat([Buffer.from('..'), bytes, Buffer.from('..')])
  return serde.deserialize(source, 2, 2 + bytes.length)
}

const hash = fc.option(
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  { nil: null },
)
const text = fc.string({ maxLength: 12 })

describe('what a foreign-key join sends and keeps', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(
        text,
        text,
        hash,
        fc.option(text, { nil: null }),
        fc.nat(),
        (foreign, primary, sum, value, partition) => {
          const key = { foreignKey: foreign, primaryKey: primary }
          assert.deepEqual(reread(combinedKey(string(), string()), key), key)
          for (const instruction of [
            'end',
            'end-and-tell',
            'tell',
            'tell-if-found',
          ] satisfies Instruction[]) {
            const sent = { instruction, primaryKey: primary, primaryPartition: partition, hash: sum }
            assert.deepEqual(reread(subscription(string()), sent), sent)
          }
          // Where an answer goes is not part of it.
          const answer = { hash: sum, value, primaryPartition: -1 }
          assert.deepEqual(
            reread(subscriptionAnswer(string()), { ...answer, primaryPartition: partition }),
            answer,
          )
        },
      ),
    )
  })

  it('has subscriptions to one key side by side, in order of their own keys', () => {
    const bytes = (foreignKey: string, primaryKey: string) =>
      bytesOf(combinedKey(string(), string()), { foreignKey, primaryKey })
    const prefix = bytesOf(foreignKeyPrefix(string()), 'a')
    assert.ok(bytes('a', '1').subarray(0, prefix.length).equals(prefix))
    // The bytes of this one begin with those of the key as well, but not with its length.
    assert.ok(!bytes('ab', '').subarray(0, prefix.length).equals(prefix))
    assert.ok(Buffer.compare(bytes('a', '1'), bytes('a', '2')) < 0)
  })

  it('is refused where another version wrote it, or where it is cut off', () => {
    const serdes = [
      [
        subscription(string()),
        bytesOf(subscription(string()), {
          instruction: 'tell',
          primaryKey: '',
          primaryPartition: 0,
          hash: null,
        }),
      ],
      [
        subscriptionAnswer(string()),
        bytesOf(subscriptionAnswer(string()), { hash: '0123456789abcdef', value: null, primaryPartition: 0 }),
      ],
    ] as const
    for (const [serde, bytes] of serdes) {
      assert.throws(
        () => serde.deserialize(Buffer.concat([Buffer.from([9]), bytes.subarray(1)]), 0, bytes.length),
        /version 9 of the format is not known/,
      )
      assert.throws(() => serde.deserialize(bytes, 0, 1), SerdeError)
      assert.throws(() => serde.deserialize(bytes, 0, bytes.length - 1), SerdeError)
    }
    assert.throws(
      () => combinedKey(string(), string()).deserialize(Buffer.from([0, 0, 0, 9, 1]), 0, 5),
      SerdeError,
    )
  })
})
