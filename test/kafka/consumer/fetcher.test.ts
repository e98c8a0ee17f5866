import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import {
  MissingPartitionError,
  OffsetOutOfRangeError,
  TopicRecreatedError,
} from '../../../src/kafka/consumer/fetch-error.js'
import { Fetcher, type FetcherOptions } from '../../../src/kafka/consumer/fetcher.js'
import { ThrottleCount } from '../../../src/kafka/throttle-count.js'
import { nextOffsets, range } from '../../support/fetched-offsets.js'
import { SimulatedCluster } from '../../support/simulated-cluster.js'

const fetcherOf = (cluster: SimulatedCluster, options: Partial<FetcherOptions> = {}): Fetcher =>
  new Fetcher(cluster, { isolation: 'read_committed', ...options })

/** Lets everything run that can run without news. */
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await turn()
}

test('every record arrives once and in order, whatever is lost, moved or cut off', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.infiniteStream(
        fc.oneof(
          { weight: 6, arbitrary: fc.constant('none' as const) },
          { weight: 1, arbitrary: fc.constantFrom('lost-request' as const, 'lost-response' as const) },
          { weight: 1, arbitrary: fc.constantFrom('move' as const, 'confuse' as const) },
        ),
      ),
      fc.integer({ min: 100, max: 3000 }),
      async (batches, faults, maxPartitionBytes) => {
        const cluster = new SimulatedCluster()
        const logs = cluster.create('t', batches.length)
        for (const [partition, sizes] of batches.entries())
          for (const size of sizes) logs[partition]!.append(size)
        let budget = 5
        cluster.fault = () => {
          const fault = budget > 0 ? faults.next().value : 'none'
          if (fault === 'none') return undefined
          budget--
          if (fault === 'move') cluster.moveLeaders('t')
          else if (fault === 'confuse') logs[0]!.confusedFetches++
          else return fault
          return undefined
        }
        const fetcher = fetcherOf(cluster, {
          maxPartitionBytes,
          maxBytes: 2 * maxPartitionBytes,
          maxWaitMs: 5,
        })
        for (const partition of logs.keys()) fetcher.add('t', partition, 0)
        for (const [partition, log] of logs.entries()) {
          const offsets: number[] = []
          while (offsets.length < log.endOffset) offsets.push(...(await nextOffsets(fetcher, 't', partition)))
          assert.deepEqual(offsets, range(0, log.endOffset))
        }
        await fetcher.close()
      },
    ),
    { numRuns: 60 },
  ))

test('the next fetch is under way before the chunk is taken, from where the chunk ends', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  for (let batch = 0; batch < 6; batch++) log!.append(10, 100)
  const fetcher = fetcherOf(cluster, { maxPartitionBytes: 1500 })
  fetcher.add('t', 0, 0)
  await fetcher.available()
  await settle()
  assert.deepEqual(
    cluster.fetches.map(({ targets }) => targets[0]!.offset),
    [0, 10, 20, 30, 40, 50, 60],
  )
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), range(0, 10))
  await fetcher.close()
})

test('it is told how far a partition is fetched', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  for (let batch = 0; batch < 3; batch++) log!.append(10, 100)
  const fetcher = fetcherOf(cluster, { maxPartitionBytes: 1500 })
  assert.equal(fetcher.progress('t', 0), undefined)
  fetcher.add('t', 0, 0)
  assert.deepEqual(fetcher.progress('t', 0), {
    nextOffset: 0,
    bufferedBytes: 0,
    oldestTimestamp: undefined,
  })
  await fetcher.available()
  await settle()
  const fetched = fetcher.progress('t', 0)!
  assert.equal(fetched.nextOffset, 30)
  assert.ok(fetched.bufferedBytes > 3000)
  assert.equal(fetched.oldestTimestamp, 1000)
  await fetcher.close()
})

test('answers that put the client off are counted', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  log!.append(10)
  cluster.throttleMs = 40
  const throttles = new ThrottleCount()
  const fetcher = fetcherOf(cluster, { throttles, maxWaitMs: 5 })
  fetcher.add('t', 0, 0)
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), range(0, 10))
  assert.equal(throttles.ms, 40 * throttles.answers)
  assert.ok(throttles.answers > 0)
  await fetcher.close()
})

test('what is buffered stays within its bound, and nobody asks for more until it is taken', async () => {
  const cluster = new SimulatedCluster()
  const logs = cluster.create('t', 4)
  for (const log of logs) for (let batch = 0; batch < 200; batch++) log.append(10, 200)
  const bufferBytes = 512 * 1024
  const fetcher = fetcherOf(cluster, { bufferBytes, maxPartitionBytes: 20_000 })
  for (const partition of logs.keys()) fetcher.add('t', partition, 0)
  await fetcher.available()
  for (let turns = 0; turns < 200; turns++) await turn()
  const asked = cluster.fetches.length
  assert.ok(fetcher.bufferedBytes > bufferBytes / 4)
  assert.ok(fetcher.bufferedBytes <= bufferBytes)
  await settle()
  assert.equal(cluster.fetches.length, asked)
  for (const [partition, log] of logs.entries()) {
    const offsets: number[] = []
    while (offsets.length < log.endOffset) {
      offsets.push(...(await nextOffsets(fetcher, 't', partition)))
      assert.ok(fetcher.bufferedBytes <= bufferBytes)
    }
    assert.deepEqual(offsets, range(0, log.endOffset))
  }
  await fetcher.close()
})

test('a batch larger than every limit gets through', async () => {
  const cluster = new SimulatedCluster()
  const logs = cluster.create('t', 2)
  for (const log of logs) {
    log.append(3, 50_000)
    log.append(1)
  }
  const fetcher = fetcherOf(cluster, { maxPartitionBytes: 1000, maxBytes: 1000 })
  for (const partition of logs.keys()) fetcher.add('t', partition, 0)
  for (const partition of logs.keys()) {
    assert.deepEqual(await nextOffsets(fetcher, 't', partition), [0, 1, 2])
    assert.deepEqual(await nextOffsets(fetcher, 't', partition), [3])
  }
  await fetcher.close()
})

test('partitions take turns where a response has no room for all', async () => {
  const cluster = new SimulatedCluster()
  const logs = cluster.create('t', 5)
  for (const log of logs) for (let batch = 0; batch < 20; batch++) log.append(10, 100)
  const fetcher = fetcherOf(cluster, { maxPartitionBytes: 1500, maxBytes: 1500 })
  for (const partition of logs.keys()) fetcher.add('t', partition, 0)
  const firsts: number[] = []
  while (firsts.length < 20) {
    await fetcher.available()
    for (const partition of logs.keys())
      if (fetcher.take('t', partition) !== undefined) firsts.push(partition)
  }
  for (const partition of logs.keys()) assert.equal(firsts.filter((each) => each === partition).length, 4)
  await fetcher.close()
})

test('a partition with news does not wait behind a long poll for those without', async () => {
  const cluster = new SimulatedCluster()
  cluster.create('idle', 2)
  const [busy] = cluster.create('busy', 1)
  busy!.append(5)
  const fetcher = fetcherOf(cluster)
  fetcher.add('idle', 0, 0)
  fetcher.add('idle', 1, 0)
  await settle()
  fetcher.add('busy', 0, 0)
  assert.deepEqual(await nextOffsets(fetcher, 'busy', 0), range(0, 5))
  assert.deepEqual(
    cluster.fetches.slice(0, 2).map(({ channel, targets }) => [channel, targets.length]),
    [
      ['fetch', 2],
      ['fetch-overtaking', 1],
    ],
  )
  await fetcher.close()
})

test('a partition that has no news yet does not wait behind a long poll that went out before it came', async () => {
  const cluster = new SimulatedCluster()
  const [idle] = cluster.create('idle', 1)
  const [late] = cluster.create('late', 1)
  const fetcher = fetcherOf(cluster, { maxWaitMs: 60_000 })
  fetcher.add('idle', 0, 0)
  await settle()
  fetcher.add('late', 0, 0)
  await settle()
  late!.append(5)
  cluster.news()
  assert.deepEqual(await nextOffsets(fetcher, 'late', 0), range(0, 5))
  // Ends the long poll.
  idle!.append(1)
  cluster.news()
  await fetcher.close()
})

test('restoring uses connections of its own', async () => {
  const cluster = new SimulatedCluster()
  cluster.create('t', 1)[0]!.append(1)
  const fetcher = fetcherOf(cluster, { channel: 'restore' })
  fetcher.add('t', 0, 0)
  await nextOffsets(fetcher, 't', 0)
  assert.equal(cluster.fetches[0]!.channel, 'restore')
  await fetcher.close()
})

test('after a seek nothing of the old position arrives, neither buffered nor in flight', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  for (let batch = 0; batch < 10; batch++) log!.append(10, 100)
  const fetcher = fetcherOf(cluster, { maxPartitionBytes: 1500 })
  fetcher.add('t', 0, 0)
  await fetcher.available()
  fetcher.add('t', 0, 70)
  assert.equal(fetcher.hasBuffered('t', 0), false)
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), range(70, 80))
  fetcher.add('t', 0, 35)
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), range(35, 40))
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), range(40, 50))
  await fetcher.close()
})

test('of a removed partition nothing arrives any more', async () => {
  const cluster = new SimulatedCluster()
  const logs = cluster.create('t', 2)
  for (const log of logs) log.append(10)
  const fetcher = fetcherOf(cluster)
  fetcher.add('t', 0, 0)
  fetcher.add('t', 1, 0)
  await turn()
  fetcher.remove('t', 0)
  assert.deepEqual(await nextOffsets(fetcher, 't', 1), range(0, 10))
  await settle()
  assert.equal(fetcher.take('t', 0), undefined)
  assert.equal(fetcher.highWatermark('t', 0), undefined)
  await fetcher.close()
})

test('a paused partition is not fetched and gives nothing, and keeps what it has', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  log!.append(10)
  const fetcher = fetcherOf(cluster)
  fetcher.add('t', 0, 0)
  await fetcher.available()
  fetcher.pause('t', 0)
  assert.equal(fetcher.take('t', 0), undefined)
  assert.equal(fetcher.hasBuffered('t', 0), false)
  await settle()
  log!.append(10)
  cluster.news()
  await settle()
  const asked = cluster.fetches.length
  log!.append(10)
  cluster.news()
  await settle()
  assert.equal(cluster.fetches.length, asked)
  const woken = fetcher.available()
  fetcher.resume('t', 0)
  await woken
  const offsets: number[] = []
  while (offsets.length < 30) offsets.push(...(await nextOffsets(fetcher, 't', 0)))
  assert.deepEqual(offsets, range(0, 30))
  await fetcher.close()
})

test('the callback is called whenever there is something new to take', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  const fetcher = fetcherOf(cluster)
  let calls = 0
  fetcher.onAvailable = () => {
    calls++
  }
  fetcher.add('t', 0, 0)
  await settle()
  assert.equal(calls, 0)
  for (let batch = 1; batch <= 3; batch++) {
    log!.append(1)
    cluster.news()
    await settle()
    assert.equal(calls, batch)
  }
  await fetcher.close()
})

test('a position that the log does not have is told with its range, after what came before', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  log!.append(10)
  log!.truncateStart(4)
  const fetcher = fetcherOf(cluster)
  fetcher.add('t', 0, 2)
  await fetcher.available()
  assert.throws(
    () => fetcher.take('t', 0),
    (error) => {
      assert.ok(error instanceof OffsetOutOfRangeError)
      assert.equal(error.message, 'offset 2 of t-0 is not in its log, 4 to 10')
      return true
    },
  )
  assert.equal(fetcher.take('t', 0), undefined)
  await settle()
  assert.equal(cluster.fetches.length, 1)
  fetcher.add('t', 0, 4)
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), range(4, 10))
  await fetcher.close()
})

test('a topic that is gone is told after a while, and one that comes in time is fetched', async () => {
  const cluster = new SimulatedCluster()
  const fetcher = fetcherOf(cluster, { missingAfterMs: 100 })
  fetcher.add('gone', 0, 0)
  await fetcher.available()
  assert.throws(
    () => fetcher.take('gone', 0),
    (error) => {
      assert.ok(error instanceof MissingPartitionError)
      assert.equal(error.message, 'gone-0 does not exist in the cluster')
      return true
    },
  )
  const [log] = cluster.create('deleted', 1)
  log!.append(3)
  fetcher.add('deleted', 0, 0)
  assert.deepEqual(await nextOffsets(fetcher, 'deleted', 0), [0, 1, 2])
  cluster.drop('deleted')
  await fetcher.available()
  assert.throws(() => fetcher.take('deleted', 0), MissingPartitionError)
  const patient = fetcherOf(cluster, { missingAfterMs: 60_000 })
  patient.add('late', 0, 0)
  await settle()
  cluster.create('late', 1)[0]!.append(2)
  assert.deepEqual(await nextOffsets(patient, 'late', 0), [0, 1])
  await patient.close()
  await fetcher.close()
})

test('a topic that was created anew is another one, whatever its offsets', async () => {
  const cluster = new SimulatedCluster()
  const fetcher = fetcherOf(cluster)
  cluster.create('t', 1)[0]!.append(3)
  fetcher.add('t', 0, 0)
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), [0, 1, 2])
  cluster.create('t', 1)[0]!.append(5)
  cluster.news()
  await fetcher.available()
  assert.throws(
    () => fetcher.take('t', 0),
    (error) => {
      assert.ok(error instanceof TopicRecreatedError)
      assert.equal(error.message, 't was deleted and created anew; offset 3 of t-0 was in the old one')
      return true
    },
  )
  fetcher.add('t', 0, 0)
  assert.deepEqual(await nextOffsets(fetcher, 't', 0), [0, 1, 2, 3, 4])
  await fetcher.close()
})

test('tells the ends of the log as of the last response', async () => {
  const cluster = new SimulatedCluster()
  const [log] = cluster.create('t', 1)
  log!.append(10)
  const fetcher = fetcherOf(cluster)
  fetcher.add('t', 0, 0)
  assert.equal(fetcher.lastStableOffset('t', 0), undefined)
  await nextOffsets(fetcher, 't', 0)
  assert.equal(fetcher.highWatermark('t', 0), 10)
  assert.equal(fetcher.lastStableOffset('t', 0), 10)
  assert.equal(fetcher.logStartOffset('t', 0), 0)
  await fetcher.close()
})

test('closing releases who waits, and who comes to wait afterwards', async () => {
  const cluster = new SimulatedCluster()
  cluster.create('t', 1)
  const fetcher = fetcherOf(cluster)
  fetcher.add('t', 0, 0)
  const waiting = fetcher.available()
  await settle()
  await fetcher.close()
  await waiting
  await fetcher.available()
  assert.equal(fetcher.take('t', 0), undefined)
})
