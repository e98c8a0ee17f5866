import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import { parseMemoryOptions } from '../../bench/memory/memory-options.js'
import { parseRebalanceOptions } from '../../bench/rebalance/rebalance-options.js'
import { benchRestore, restoreText } from '../../bench/restore/restore-bench.js'
import { parseRestoreOptions } from '../../bench/restore/restore-options.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'

describe('the measurements beside the workloads', () => {
  it('have their full sizes where nothing else is asked for', () => {
    assert.deepEqual(parseRestoreOptions([]), { records: 2_000_000, runs: 3, json: undefined })
    assert.deepEqual(parseRebalanceOptions([]), { rate: 20_000, runs: 3, json: undefined })
    const situations = ['hour', 'keys', 'windows', 'table', 'nested', 'commit', 'output', 'sink', 'skew']
    assert.deepEqual(parseMemoryOptions([]), { situations, records: undefined, json: undefined })
  })

  it('refuse what they do not know, and say what they do', () => {
    assert.throws(() => parseMemoryOptions(['leak']), UsageError)
    assert.throws(() => parseRestoreOptions(['--records', 'many']), /--records 'many' must be a whole number/)
    assert.throws(() => parseRebalanceOptions(['--warm']), UsageError)
  })
})

describe('the restore', () => {
  it('brings all records into Millrace and into Kafka Streams', async () => {
    const report = await benchRestore(
      packageRoot(),
      { records: 20_000, runs: 1, json: undefined },
      new AbortController().signal,
      () => {},
    )
    for (const figures of [report.millrace, report.kafkaStreams]) {
      assert.ok(figures.recordsPerSecond > 0 && figures.cpuSeconds > 0 && figures.peakRssMb > 0)
    }
    assert.match(restoreText(report), /millrace \/ kafka-streams: \d+\.\d\d x records\/s$/)
  })
})
