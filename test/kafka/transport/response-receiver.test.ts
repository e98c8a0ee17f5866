import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ResponseReceiver } from '../../../src/kafka/transport/response-receiver.js'
import { BrokerConnectionError } from '../../../src/kafka/transport/transport-error.js'

const framed = (response: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(response.length)
  return Buffer.concat([size, response])
}

/** Cuts bytes into pieces as a socket would, wherever it likes, and gives each in the same memory. */
const pushInPieces = (receiver: ResponseReceiver, bytes: Buffer, cuts: readonly number[]): void => {
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  const memory = Buffer.alloc(bytes.length)
  let start = 0
  for (const end of ends) {
    bytes.copy(memory, 0, start, end)
    receiver.push(memory.subarray(0, end - start))
    start = end
  }
}

const large = fc.integer({ min: 65_000, max: 300_000 }).map((length) => Buffer.alloc(length, length % 251))
const small = fc.uint8Array({ minLength: 4, maxLength: 40 }).map((bytes) => Buffer.from(bytes))

test('responses arrive whole and in order, however the socket cuts them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(small, large), { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat({ max: 1_000_000 }), { maxLength: 12 }),
      (responses, cuts) => {
        const received: Buffer[] = []
        const receiver = new ResponseReceiver((response) => received.push(Buffer.from(response)))
        pushInPieces(receiver, Buffer.concat(responses.map(framed)), cuts)
        assert.deepEqual(received, responses)
      },
    ),
    { numRuns: 200 },
  )
})

test('a large response stays as it is until the piece that completed it is done with', () => {
  const first = Buffer.alloc(100_000, 1)
  const second = Buffer.alloc(100_000, 2)
  const received: Buffer[] = []
  const receiver = new ResponseReceiver((response) => received.push(response))
  receiver.push(Buffer.concat([framed(first), framed(second)]))
  assert.deepEqual(received, [first, second])
})

test('a size that no response has is refused', () => {
  const receiver = new ResponseReceiver(() => assert.fail('nothing was received'))
  for (const size of ['ffffffff', '00000003', '7fffffff']) {
    assert.throws(() => receiver.push(Buffer.from(size, 'hex')), BrokerConnectionError)
  }
})
