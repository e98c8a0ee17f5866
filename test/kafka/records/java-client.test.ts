import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import {
  COMPRESSIONS,
  type Compression,
  ensureCompressionReady,
} from '../../../src/kafka/records/compression/compression.js'
import { murmur2, partitionFor } from '../../../src/kafka/records/partitioner.js'
import { JavaPeer } from '../../support/java.js'
import {
  arbitraryRecords,
  type BatchOptions,
  batchOf,
  chunkOf,
  offsetsOf,
  type PlainRecord,
  type ReadRecord,
  readAll,
  record,
} from './batches.js'

const hex = (bytes: Buffer | null): string => (bytes === null ? '-' : bytes.toString('hex'))

const recordText = ({ timestamp, key, value, headers }: PlainRecord): string => {
  const names = headers.map((header) => `${Buffer.from(header.key).toString('hex')}=${hex(header.value)}`)
  return [timestamp, hex(key), hex(value), names.join(',')].join(':')
}

const readText = (records: readonly ReadRecord[]): string =>
  records.map((read) => `${read.offset}@${recordText(read)}`).join(' ')

const numbered = (records: readonly PlainRecord[], baseOffset = 0): ReadRecord[] =>
  records.map((plain, index) => ({ ...plain, offset: baseOffset + index }))

const largeValue = (bytes: number): Buffer =>
  Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 31 + (index >>> 7)) & 0xff))

const typicalRecords = Array.from({ length: 3000 }, (_, index) =>
  record(
    1_700_000_000_000 + index * 7,
    `user-${index % 97}`,
    JSON.stringify({ id: index, type: 'view', amount: index / 4 }),
  ),
)

describe('the Java client', () => {
  let java: JavaPeer

  before(async () => {
    await ensureCompressionReady()
    java = await JavaPeer.recordBatches()
  })
  after(() => java[Symbol.asyncDispose]())

  const writtenByJava = async (
    records: readonly PlainRecord[],
    options: BatchOptions = {},
    logAppendTime?: number,
  ): Promise<Buffer> => {
    const { producerId = -1, producerEpoch = -1, baseSequence = -1, transactional = false } = options
    const answer = await java.ask(
      'write',
      options.compression ?? 'none',
      logAppendTime === undefined ? 'create' : 'append',
      String(logAppendTime ?? -1),
      String(options.baseOffset ?? 0),
      ...[producerId, producerEpoch, baseSequence, transactional].map(String),
      ...records.map(recordText),
    )
    return Buffer.from(answer, 'hex')
  }

  const assertEqualBytes = async (
    records: readonly PlainRecord[],
    options: BatchOptions = {},
  ): Promise<void> => {
    const theirs = await writtenByJava(records, options)
    assert.equal(batchOf(records, options).toString('hex'), theirs.toString('hex'))
  }

  test('writes the same bytes for any records', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRecords, (records) => assertEqualBytes(records)),
      { numRuns: 150 },
    )
  })

  test('writes the same bytes for idempotent and transactional producers', async () => {
    const arbitraryProducer = fc.record({
      producerId: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      producerEpoch: fc.integer({ min: 0, max: 32767 }),
      baseSequence: fc.integer({ min: 0, max: 0x7fffffff }),
      transactional: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(arbitraryProducer, (producer) => assertEqualBytes([record(1, 'k', 'v')], producer)),
      { numRuns: 30 },
    )
  })

  test('writes the same bytes for batches over 1 MB and records of every length of varint', async () => {
    const lengths = [0, 1, 57, 58, 63, 64, 8170, 8191, 8192, 1_048_560, 1_048_575, 1_048_576, 1_500_000, 3]
    await assertEqualBytes(lengths.map((length) => record(1_700_000_000_000, 'k', largeValue(length))))
    await assertEqualBytes(typicalRecords)
  })

  for (const compression of COMPRESSIONS) {
    test(`reads what we write with ${compression}`, async () => {
      const readByJava = async (records: readonly PlainRecord[]): Promise<void> => {
        const batch = batchOf(records, { compression, baseOffset: 17 })
        assert.equal(await java.ask('read', batch.toString('hex')), readText(numbered(records, 17)))
      }
      await readByJava(typicalRecords)
      await readByJava([record(1, null, largeValue(1_200_000))])
      await fc.assert(fc.asyncProperty(arbitraryRecords, readByJava), { numRuns: 25 })
    })

    test(`writes with ${compression} what we read`, async () => {
      const readByUs = async (records: readonly PlainRecord[]): Promise<void> => {
        const batch = await writtenByJava(records, { compression, baseOffset: 2 ** 40 })
        assert.equal(readText(readAll(chunkOf([batch])).records), readText(numbered(records, 2 ** 40)))
      }
      await readByUs(typicalRecords)
      await readByUs([record(1, null, largeValue(1_200_000))])
      await fc.assert(fc.asyncProperty(arbitraryRecords, readByUs), { numRuns: 25 })
    })
  }

  test('agrees on the time of records that the broker has stamped', async () => {
    const batch = await writtenByJava([record(5, 'a', 'b'), record(9, 'c', 'd')], {}, 1_700_000_000_123)
    const { records } = readAll(chunkOf([batch]))
    assert.deepEqual(
      records.map(({ timestamp }) => timestamp),
      [1_700_000_000_123, 1_700_000_000_123],
    )
    assert.equal(await java.ask('read', batch.toString('hex')), readText(records))
  })

  const compact = async (batches: readonly Buffer[], kept: readonly number[]): Promise<Buffer> =>
    Buffer.from(await java.ask('compact', Buffer.concat(batches).toString('hex'), kept.join(',')), 'hex')

  for (const compression of ['none', 'lz4'] satisfies Compression[]) {
    test(`leaves gaps when it compacts (${compression}); we read the same records behind them`, async () => {
      const records = Array.from({ length: 20 }, (_, index) =>
        record(1_000_000_000_000 + index, `k${index}`, index % 3 === 0 ? null : 'v'),
      )
      const first = batchOf(records, { compression, baseOffset: 100 })
      const second = batchOf(records, { compression, baseOffset: 120 })
      const log = await compact([first, second], [103, 107, 118])
      const { records: read, nextOffset } = readAll(chunkOf([log], { fetchOffset: 100 }))
      assert.equal(readText(read), await java.ask('read', log.toString('hex')))
      assert.deepEqual([read.map(({ offset }) => offset), nextOffset], [[103, 107, 118], 140])
    })
  }

  test('ends transactions with markers that we follow', async () => {
    const transaction = (baseOffset: number, producerId: number): Buffer =>
      batchOf([record(1, 'a', 'b')], {
        baseOffset,
        producerId,
        producerEpoch: 0,
        baseSequence: 0,
        transactional: true,
      })
    const end = async (kind: string, offset: number, producerId: number): Promise<Buffer> =>
      Buffer.from(await java.ask('marker', kind, String(offset), String(producerId), '0'), 'hex')
    const log = [
      transaction(0, 7),
      transaction(1, 8),
      await end('abort', 2, 7),
      transaction(3, 7),
      await end('commit', 4, 8),
      await end('commit', 5, 7),
    ]
    const chunk = chunkOf(log, { abortedTransactions: [{ producerId: 7, firstOffset: 0 }] })
    assert.deepEqual(offsetsOf(chunk), [1, 3])
  })

  test('hashes keys and chooses partitions as we do', async () => {
    const arbitraryKeys = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), {
      minLength: 200,
      maxLength: 200,
    })
    const check = async (keys: Uint8Array[], count: number): Promise<void> => {
      const theirs = await java.ask(
        'partition',
        String(count),
        ...keys.map((key) => Buffer.from(key).toString('hex')),
      )
      const ours = keys.map(
        (key) => `${murmur2(key, 0, key.length)}/${partitionFor(key, 0, key.length, count)}`,
      )
      assert.deepEqual(ours, theirs.split(' '))
    }
    await fc.assert(fc.asyncProperty(arbitraryKeys, fc.integer({ min: 1, max: 5000 }), check), {
      numRuns: 20,
    })
    assert.equal(
      await java.ask('partition', '12', ''),
      `${murmur2(Buffer.alloc(0), 0, 0)}/${partitionFor(Buffer.alloc(0), 0, 0, 12)}`,
    )
  })
})
