import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bench } from '../../bench/bench.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'

describe('the benchmark', () => {
  it('finds the results of count equal in Millrace and in Kafka Streams', async () => {
    const options = {
      workloads: ['count'],
      guarantee: 'exactly_once',
      records: 20_000,
      runs: 1,
      json: undefined,
    } as const
    const differences: string[] = []
    const progress = (line: string) => void (line.includes('differ') && differences.push(line))
    const [report] = await bench(packageRoot(), options, new AbortController().signal, progress)
    assert.deepEqual(differences, [])
    assert.equal(report!.resultsEqual, true)
    for (const figures of [report!.millrace, ...report!.kafkaStreams.values()]) {
      assert.ok(figures.outputRecords >= 8_000)
      assert.ok(figures.recordsPerSecond > 0 && figures.cpuSecondsPerMillion > 0 && figures.maxRssMb > 0)
    }
  })
})
