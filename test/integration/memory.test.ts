import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BenchCluster } from '../../bench/bench-cluster.js'
import { measureMemory } from '../../bench/memory/memory-run.js'
import { SITUATIONS, type SituationName } from '../../bench/memory/situations.js'
import { testBroker } from '../support/broker.js'

/** All but the one that takes a minute: backpressure.test.ts has what it is about. */
type Quick = Exclude<SituationName, 'sink'>

/** Enough for every bound to be reached; `npm run bench -- memory` has the full sizes. */
const RECORDS: Readonly<Record<Quick, number>> = {
  hour: 400_000,
  keys: 1_000_000,
  windows: 300_000,
  table: 500_000,
  nested: 500_000,
  commit: 300_000,
  output: 2_500_000,
  skew: 400_000,
}

describe('a process with default options takes what its state may take, and 250 MB at most beyond', () => {
  let cluster: BenchCluster
  before(async () => {
    cluster = new BenchCluster((await testBroker()).brokers)
  })
  after(() => cluster[Symbol.asyncDispose]())

  for (const name of Object.keys(RECORDS) as Quick[]) {
    test(SITUATIONS[name].title, async () => {
      const measured = await measureMemory(cluster, name, RECORDS[name], new AbortController().signal)
      const { peakRssMb, boundMb, processedInStall } = measured
      assert.ok(peakRssMb <= boundMb, `peak RSS ${peakRssMb} MB, bound ${boundMb} MB`)
      if (processedInStall !== undefined) {
        assert.ok(processedInStall < RECORDS[name], 'intake stops while nothing is committed')
      }
    })
  }
})
