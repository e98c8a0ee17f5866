import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import { benchWatermarks, isCheap, type WatermarksReport } from '../../bench/watermarks/watermarks-bench.js'
import { parseWatermarksOptions } from '../../bench/watermarks/watermarks-options.js'

const report = (cpuRatio: number, resultsEqual = true): WatermarksReport => ({
  workload: 'count',
  records: 1_000,
  disorderMs: 1_000,
  pairs: [],
  cpuRatio,
  resultsEqual,
})

describe('watermarks', () => {
  it('are measured with a second of disorder where nothing else is asked for', () => {
    assert.deepEqual(parseWatermarksOptions([]), {
      workloads: ['count', 'window'],
      disorder: 1_000,
      records: 5_000_000,
      runs: 5,
      json: undefined,
    })
    assert.throws(() => parseWatermarksOptions(['join']), UsageError)
  })

  it('are cheap up to 1.1 of the CPU without them, if the results are the same', () => {
    assert.ok(isCheap(report(1.1)))
    assert.ok(!isCheap(report(1.11)))
    assert.ok(!isCheap(report(1, false)))
  })

  it('give the same results as the time of the records, where that has an order', async () => {
    const options = { ...parseWatermarksOptions(['window']), records: 100_000, runs: 1 }
    const [measured] = await benchWatermarks(options, new AbortController().signal, () => {})
    assert.ok(measured!.resultsEqual)
    assert.equal(measured!.pairs.length, 1)
  })
})
