import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ChunkMemory } from '../../src/kafka/consumer/chunk-memory.js'
import { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import { produceCall } from '../../src/kafka/producer/api/produce.js'
import { fetchCall } from '../../src/kafka/protocol/fetch-call.js'
import { WireReader } from '../../src/kafka/protocol/wire-reader.js'
import { WireWriter } from '../../src/kafka/protocol/wire-writer.js'
import { ResponseReceiver } from '../../src/kafka/transport/response-receiver.js'
import { SimulatedCluster } from '../support/simulated-cluster.js'
import { bytesCopiedBy } from './counted-bytes.js'

const MIB = 1024 * 1024
/** What a socket gives at once. */
const PIECE_BYTES = 64 * 1024
const TOPIC_ID = '0'.repeat(32)

/** A Fetch response with this many bytes of record batches, as it comes from a socket: behind its size. */
function fetchResponse(bytes: number): Buffer {
  const writer = new WireWriter()
  writer.writeInt32(0)
  writer.writeInt32(0)
  writer.writeInt16(0)
  writer.writeInt32(0)
  writer.writeCompactArray([TOPIC_ID], (topicId) => {
    writer.writeUuid(topicId)
    writer.writeCompactArray([0], (partition) => {
      writer.writeInt32(partition)
      writer.writeInt16(0)
      for (let offset = 0; offset < 3; offset++) writer.writeInt64(0)
      writer.writeUnsignedVarint(0)
      writer.writeInt32(-1)
      writer.writeCompactByteArray(Buffer.alloc(bytes))
      writer.writeNoTaggedFields()
    })
    writer.writeNoTaggedFields()
  })
  writer.writeNoTaggedFields()
  const response = writer.copy()
  response.writeInt32BE(response.length - 4, 0)
  return response
}

function piecesOf(response: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < response.length; at += PIECE_BYTES)
    pieces.push(response.subarray(at, at + PIECE_BYTES))
  return pieces
}

describe('the way of records over the wire', () => {
  it('copies a received byte twice: out of what the socket gave, and into the memory of its chunk', () => {
    const memory = new ChunkMemory(8 * MIB)
    const targets = [{ topic: 'orders', topicId: TOPIC_ID, partition: 0, fetchOffset: 0, maxBytes: MIB }]
    const allocate = (bytes: number): Buffer => memory.take(bytes)
    const limits = { isolation: 'read_committed', maxWaitMs: 0, minBytes: 1, maxBytes: MIB } as const
    const call = fetchCall({ ...limits, targets, allocate })
    const response = fetchResponse(MIB)
    const received: number[] = []
    const receiver = new ResponseReceiver((bytes) => {
      const { partitions } = call.decode(new WireReader(bytes))
      received.push(partitions[0]!.end)
    })
    const copied = bytesCopiedBy(() => {
      for (const piece of piecesOf(response)) receiver.push(piece)
    })
    assert.deepEqual(received, [MIB])
    assert.equal(copied, response.length + MIB)
  })

  it('copies a batch that is sent once into its request', () => {
    const records = Buffer.alloc(MIB)
    const call = produceCall(12, 'app-0', 30_000, [{ topic: 'orders', partition: 0, records }])
    const writer = new WireWriter(2 * MIB)
    assert.equal(
      bytesCopiedBy(() => call.encode(writer)),
      MIB,
    )
  })

  it('takes no memory outside of the heap for what is fetched, once it has taken some', async () => {
    const cluster = new SimulatedCluster()
    const logs = cluster.create('orders', 4)
    for (const log of logs) for (let batch = 0; batch < 64; batch++) log.append(4, 64 * 1024)
    const fetcher = new Fetcher(cluster, { isolation: 'read_committed', bufferBytes: 32 * MIB })
    const fresh = freshMemory()
    for (const [partition] of logs.entries()) fetcher.add('orders', partition, 0)
    let fetched = 0
    let freshAtHalf = 0
    while (fetched < 63 * MIB) {
      await fetcher.available()
      for (const [partition] of logs.entries()) {
        const chunk = fetcher.take('orders', partition)
        if (chunk === undefined) continue
        fetched += chunk.end
        chunk.release()
      }
      if (fetched < 32 * MIB) freshAtHalf = fresh.bytes
    }
    fresh[Symbol.dispose]()
    await fetcher.close()
    assert.ok(freshAtHalf > 0 && freshAtHalf <= 16 * MIB, `${freshAtHalf / MIB} MiB for the first half`)
    assert.equal(fresh.bytes, freshAtHalf)
  })
})

/** Counts the bytes of memory outside of the heap that chunks are given anew. */
function freshMemory(): Disposable & { readonly bytes: number } {
  const { take } = ChunkMemory.prototype
  const known = new WeakSet<ArrayBufferLike>()
  let bytes = 0
  ChunkMemory.prototype.take = function (this: ChunkMemory, size: number): Buffer {
    const taken = take.call(this, size)
    if (!known.has(taken.buffer)) bytes += taken.buffer.byteLength
    known.add(taken.buffer)
    return taken
  }
  return {
    get bytes() {
      return bytes
    },
    [Symbol.dispose]: () => {
      ChunkMemory.prototype.take = take
    },
  }
}
