import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import {
  benchParallel,
  isEven,
  type ParallelReport,
  parallelText,
} from '../../bench/parallel/parallel-bench.js'
import { parseParallelOptions } from '../../bench/parallel/parallel-options.js'

const figures = (cpuSecondsPerMillion: number) => ({
  recordsPerSecond: 1_000_000,
  cpuSecondsPerMillion,
  steadyCpuSecondsPerMillion: 1,
  peakRssMb: 200,
  outputRecords: 10,
})

const report = (twoThreads: number): ParallelReport => ({
  workload: 'count',
  records: 1_000,
  runs: 1,
  figures: { 'one thread': figures(1), 'two threads': figures(twoThreads), 'two processes': figures(1) },
})

describe('threads and processes', () => {
  it('are measured with every workload where none is named', () => {
    const workloads = ['filter-map', 'count', 'window']
    assert.deepEqual(parseParallelOptions([]), { workloads, records: 5_000_000, runs: 3, json: undefined })
    assert.throws(() => parseParallelOptions(['--threads', '3']), UsageError)
  })

  it('are even with one thread up to 1.15 of its CPU', () => {
    assert.ok(isEven(report(1.15)))
    assert.ok(!isEven(report(1.16)))
    assert.match(parallelText(report(1.1)), /^two threads \/ one thread: 1\.10 x CPU per record/m)
  })

  it('drain the same input, each with its part of it', async () => {
    const options = { ...parseParallelOptions(['filter-map']), records: 100_000, runs: 1 }
    const [measured] = await benchParallel(options, new AbortController().signal, () => {})
    const outputs = new Set(Object.values(measured!.figures).map(({ outputRecords }) => outputRecords))
    assert.equal(outputs.size, 1)
    for (const each of Object.values(measured!.figures)) {
      assert.ok(each.recordsPerSecond > 0 && each.cpuSecondsPerMillion > 0 && each.peakRssMb > 0)
    }
  })
})
