import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeAssignment, decodeSubscription } from '../../../src/kafka/group/consumer-protocol.js'
import { KafkaProtocolError } from '../../../src/kafka/protocol/kafka-protocol-error.js'
import { MalformedResponseError, WireReader } from '../../../src/kafka/protocol/wire-reader.js'
import { RESPONSE_SAMPLES } from './response-samples.js'

type Decode = (bytes: Buffer) => unknown

/** How long it may take to find out that a response is malformed. */
const AT_ONCE_MS = 1_000

/** All values within a value; a buffer is one. */
const countOf = (value: unknown): number => {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return 1
  const parts = value instanceof Map ? [...value].flat() : Object.values(value)
  return parts.reduce((sum: number, part) => sum + countOf(part), 1)
}

/** No byte of a response gives more than these values: the largest record for the smallest encoding. */
const VALUES_PER_BYTE = 12

/** Decodes to a value in proportion to the bytes, or fails as decoders may; never anything else. */
const decodesSafely = (decode: Decode, bytes: Buffer): void => {
  const started = performance.now()
  try {
    const count = countOf(decode(bytes))
    assert.ok(count <= 100 + bytes.length * VALUES_PER_BYTE, `${count} values of ${bytes.length} bytes`)
  } catch (error) {
    const expected = error instanceof MalformedResponseError || error instanceof KafkaProtocolError
    if (!expected) throw error
  }
  assert.ok(performance.now() - started < AT_ONCE_MS)
}

/** What a hostile length may be, as varint, int32 and int16. */
const HOSTILE_LENGTHS = ['ffffffff0f', 'ffffffff07', '7fffffff', '80000000', '7fff', '8000'].map((hex) =>
  Buffer.from(hex, 'hex'),
)

const withBytesAt = (bytes: Buffer, at: number, inserted: Buffer, replaced: number): Buffer =>
  Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + replaced)])

const fuzz = (bytes: Buffer, decode: Decode): void => {
  test('makes of changed bytes a value or an error, never anything else', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
        const changed = Buffer.from(bytes)
        for (const [at, value] of changes) changed[at % changed.length] = value
        decodesSafely(decode, changed)
      }),
    )
  })

  test('makes of bytes that were cut out or put in a value or an error, never anything else', () => {
    fc.assert(
      fc.property(
        fc.nat(bytes.length),
        fc.uint8Array({ maxLength: 9 }),
        fc.nat(9),
        (at, inserted, replaced) =>
          decodesSafely(decode, withBytesAt(bytes, at, Buffer.from(inserted), replaced)),
      ),
    )
  })

  test('makes of random bytes a value or an error, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => decodesSafely(decode, Buffer.from(random))),
    )
  })

  test('believes no length that its bytes cannot hold, wherever it stands', () => {
    for (const length of HOSTILE_LENGTHS) {
      for (let at = 0; at < bytes.length; at++) {
        decodesSafely(decode, withBytesAt(bytes, at, length, 1))
        decodesSafely(decode, withBytesAt(bytes, at, length, length.length))
      }
    }
  })
}

for (const { call, response } of RESPONSE_SAMPLES) {
  const bytes = Buffer.from(response, 'hex')

  describe(`${call.apiName} v${call.apiVersion}`, () => {
    test('reads a response of a real broker up to its last tagged fields', () => {
      const reader = new WireReader(bytes)
      call.decode(reader)
      assert.ok(reader.remaining <= 1)
    })

    test('finds a response malformed that is cut off anywhere', () => {
      for (let length = 0; length < bytes.length - 1; length++) {
        const cut = bytes.subarray(0, length)
        assert.throws(
          () => call.decode(new WireReader(cut)),
          (error) => error instanceof MalformedResponseError || error instanceof KafkaProtocolError,
        )
      }
    })

    fuzz(bytes, (changed) => call.decode(new WireReader(changed)))
  })
}

/** As a member of Kafka's own sent and got them. */
const SUBSCRIPTION = '0003000000010001740000000175000000010001740000000100000000ffffffffffff'
const ASSIGNMENT = '000300000001000174000000020000000000000001000000027576'

describe('the subscription of another member', () =>
  fuzz(Buffer.from(SUBSCRIPTION, 'hex'), decodeSubscription))

describe('an assignment', () => fuzz(Buffer.from(ASSIGNMENT, 'hex'), decodeAssignment))
