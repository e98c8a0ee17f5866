import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { Fetcher } from '../../../src/kafka/consumer/fetcher.js'
import type { BatchToProduce } from '../../../src/kafka/producer/produce-run.js'
import type { Producer } from '../../../src/kafka/producer/producer.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { testBroker } from '../../support/broker.js'
import { valuesOf } from '../../support/fetched-values.js'

const PRODUCERS = 3

/** One step of a producer: a record into its open transaction, or the transaction's end. */
type Step = readonly [producer: number, action: 'write' | 'commit' | 'abort']

const arbitrarySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(
    fc.nat(PRODUCERS - 1),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('commit' as const) },
      { weight: 2, arbitrary: fc.constant('abort' as const) },
    ),
  ),
  { minLength: 20, maxLength: 60 },
)

/** A record whose key is the int32 0, as in an abort marker. */
const zeroKeyed = (topic: string, text: string): BatchToProduce => {
  const batch = batchOf(topic, 0)
  const value = Buffer.from(text)
  batch.builder.appendBytes(Date.now(), Buffer.alloc(4), 0, 4, value, 0, value.length, [])
  return batch
}

for (const version of [1, 2] as const) {
  describe(`reading what transactions v${version} committed`, () => {
    let cluster: Cluster
    let producers: Producer[]

    before(async () => {
      cluster = new Cluster((await testBroker()).brokers)
      const options = () => ({ transactionalId: unique('tx'), newestTransactionVersion: version })
      producers = await Promise.all(Array.from({ length: PRODUCERS }, () => cluster.producer(options())))
    })

    after(() => cluster[Symbol.asyncDispose]())

    test('never brings an aborted record, though its key is the int32 0', async () => {
      const topic = await cluster.newTopic()
      const [first, second] = producers as [Producer, Producer]
      await first.produce([batchOf(topic, 0, 'aborted 1')])
      await second.produce([batchOf(topic, 0, 'aborted 2')])
      await first.produce([batchOf(topic, 0, 'aborted 3')])
      await second.abort()
      await first.abort()
      await second.produce([batchOf(topic, 0, 'committed 1')])
      await first.produce([zeroKeyed(topic, 'aborted, keyed like an abort marker')])
      await first.produce([batchOf(topic, 0, 'aborted 4')])
      await second.produce([zeroKeyed(topic, 'committed, keyed like an abort marker')])
      await first.abort()
      await second.commit()
      await first.produce([batchOf(topic, 0, 'committed 2')])
      await first.commit()
      assert.deepEqual(await cluster.valuesIn(topic), [
        'committed 1',
        'committed, keyed like an abort marker',
        'committed 2',
      ])
    })

    test('brings every committed record and no aborted one, however transactions interleave and responses are cut', async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitrarySteps,
          fc.integer({ min: 60, max: 2_000 }),
          async (steps, maxPartitionBytes) => {
            const topic = await cluster.newTopic()
            const written: { value: string; committed: boolean }[] = []
            const open: { value: string; committed: boolean }[][] = producers.map(() => [])
            const end = async (index: number, action: 'commit' | 'abort'): Promise<void> => {
              await producers[index]![action]()
              for (const record of open[index]!.splice(0)) record.committed = action === 'commit'
            }
            for (const [at, [index, action]] of steps.entries()) {
              if (action !== 'write') {
                await end(index, action)
                continue
              }
              const record = { value: `${at}`, committed: false }
              await producers[index]!.produce([zeroKeyed(topic, record.value)])
              written.push(record)
              open[index]!.push(record)
            }
            for (const index of producers.keys()) await end(index, 'commit')
            const committed = written.filter((record) => record.committed).map(({ value }) => value)
            const endOffset = await cluster.stableEnd(topic, 0)
            if (endOffset === 0) return
            const fetcher = new Fetcher(cluster.transport, { isolation: 'read_committed', maxPartitionBytes })
            fetcher.add(topic, 0, 0)
            assert.deepEqual(await valuesOf(fetcher, topic, 0, endOffset), committed)
            assert.equal(fetcher.lastStableOffset(topic, 0), endOffset)
            await fetcher.close()
          },
        ),
        { numRuns: 6 },
      )
    })
  })
}
