import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WireReader } from '../../src/kafka/protocol/wire-reader.js'
import { internalTopics } from '../../src/runtime/internal-topics.js'
import { compileOptions, type ProcessingGuarantee } from '../../src/runtime/streams-config.js'
import { batchOf, record } from '../kafka/records/batches.js'
import { readProduce } from '../model/requests.js'
import { type Arrival, SimulatedKafka } from '../model/simulated-kafka.js'
import { NetworkConditions } from '../model/simulated-network.js'
import { SimulatedProcess } from '../model/simulated-process.js'
import { SimulatedTime } from '../model/simulated-time.js'
import { countingTopology } from '../support/counting.js'

const PARTITIONS = 8
const RECORDS_PER_PARTITION = 50
const ROUNDS = 20
const LATENCY_MS = 1
/** Longer than a commit interval and a commit: each round is committed on its own, and heartbeats are few. */
const ROUND_MS = 150

/** What a stream thread sends while nothing but its input changes. */
interface Requests {
  /** By API, over all rounds. */
  readonly requests: Map<string, number>
  /** Record batches of all rounds. */
  readonly batches: number
}

/**
 * Counts the requests of a real stream thread that has one task a partition, each with an output and a changelog, on a
 * simulated cluster with a simulated clock: the same numbers in every run.
 */
async function requestsOf(guarantee: ProcessingGuarantee, transactionVersion: 1 | 2): Promise<Requests> {
  const time = new SimulatedTime()
  using _ = time.install()
  const topology = countingTopology('input', 'output')
  const config = compileOptions({
    applicationId: 'app',
    brokers: ['simulated:9092'],
    processingGuarantee: guarantee,
    commitInterval: 100,
  })
  const kafka = new CountingKafka(time, config.applicationId, transactionVersion, () => 0)
  for (const topic of ['input', 'output']) kafka.create(topic, PARTITIONS)
  for (const { topic } of internalTopics(topology.subTopologies, 'app', () => PARTITIONS)) {
    kafka.create(topic, PARTITIONS)
  }
  const conditions = new NetworkConditions([LATENCY_MS], [])
  const process = new SimulatedProcess(
    { time, kafka, conditions, topology, config },
    'process-0',
    (error) => {
      throw error
    },
  )
  process.start()
  const committed = (): number =>
    [...kafka.group.committed.values()].reduce((sum, { offset }) => sum + offset, 0)
  const perRound = PARTITIONS * RECORDS_PER_PARTITION
  const round = async (index: number): Promise<void> => {
    const end = time.now + ROUND_MS
    kafka.appendInput(index)
    assert.ok(await time.runUntil(() => committed() === (index + 1) * perRound, time.now + 60_000))
    await time.runUntil(() => false, end)
  }
  await round(0)
  kafka.requests.clear()
  const batchesBefore = kafka.producedBatches
  for (let index = 1; index <= ROUNDS; index++) await round(index)
  const counted = { requests: new Map(kafka.requests), batches: kafka.producedBatches - batchesBefore }
  process.stop()
  assert.ok(await time.runUntil(() => !process.running, time.now + 60_000))
  return counted
}

class CountingKafka extends SimulatedKafka {
  readonly requests = new Map<string, number>()
  producedBatches = 0

  override execute(arrival: Arrival): Promise<unknown> {
    this.requests.set(arrival.api, (this.requests.get(arrival.api) ?? 0) + 1)
    if (arrival.api === 'Produce') {
      this.producedBatches += readProduce(new WireReader(arrival.reader.buffer)).batches.length
    }
    return super.execute(arrival)
  }

  /** A batch for each partition; a fetch that waits finds all of them. */
  appendInput(round: number): void {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const records = Array.from({ length: RECORDS_PER_PARTITION }, (_, index) =>
        record(1_000 + round, `key-${partition}-${index}`, String(index)),
      )
      if (partition === PARTITIONS - 1) this.append('input', partition, batchOf(records))
      else this.log('input', partition).append(batchOf(records))
    }
  }
}

describe('a commit of a thread with eight tasks, each with an output and a changelog', () => {
  const cases: readonly (readonly [string, ProcessingGuarantee, 1 | 2, readonly string[]])[] = [
    ['exactly_once', 'exactly_once', 2, ['Produce', 'TxnOffsetCommit', 'EndTxn']],
    [
      'exactly_once, transactions of version 1',
      'exactly_once',
      1,
      ['AddPartitionsToTxn', 'Produce', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'],
    ],
    // The output first, then the changelogs.
    ['at_least_once', 'at_least_once', 2, ['Produce', 'Produce', 'OffsetCommit']],
  ]
  for (const [name, guarantee, transactionVersion, expected] of cases) {
    it(`is a request of each kind for all of them (${name})`, async () => {
      const { requests, batches } = await requestsOf(guarantee, transactionVersion)
      requests.delete('Heartbeat')
      const counts = new Map<string, number>()
      for (const api of ['Fetch', ...expected]) counts.set(api, (counts.get(api) ?? 0) + ROUNDS)
      assert.deepEqual(requests, counts)
      assert.equal(batches, ROUNDS * PARTITIONS * 2)
    })
  }
})
