import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import { benchScaling, type ScalingResult } from '../../bench/scaling/scaling-bench.js'
import { BASE, casesOf } from '../../bench/scaling/scaling-cases.js'
import { parseScalingOptions } from '../../bench/scaling/scaling-options.js'
import { scalingPlot } from '../../bench/scaling/scaling-plot.js'
import { recordsOf } from '../../bench/scaling/scaling-run.js'
import { scalingTable, withTable } from '../../bench/scaling/scaling-table.js'

const result = (partitions: number, recordsPerSecond: number): ScalingResult => ({
  axis: 'partitions',
  size: partitions,
  shape: { ...BASE, partitions },
  records: 1_000,
  recordsPerSecond,
  cpuSecondsPerMillion: 1.234,
  maxRssMb: 200.4,
  loopDelayP99Ms: 12.3,
})

describe('options of the scaling', () => {
  it('measure every axis in full size where nothing else is asked for', () => {
    const { axes, limits, docs } = parseScalingOptions([])
    assert.deepEqual(axes, ['keys', 'valueBytes', 'partitions', 'headers'])
    assert.equal(limits.records, 5_000_000)
    assert.equal(docs, undefined)
    assert.equal(parseScalingOptions(['keys', '--quick']).limits.records, 20_000)
    assert.throws(() => parseScalingOptions(['colours']), UsageError)
  })
})

describe('cases of the scaling', () => {
  it('change one size each, with fewer records where values are large and more where keys are many', () => {
    const cases = casesOf(['keys', 'valueBytes'], { records: 1_000_000, valueBytes: 2e9, keyDivisor: 1 })
    assert.deepEqual(
      cases.map(({ shape, records }) => [shape.keys, shape.valueBytes, records]),
      [
        [10_000, 100, 1_000_000],
        [1_000_000, 100, 1_000_000],
        [5_000_000, 100, 5_000_000],
        [10_000, 100, 1_000_000],
        [10_000, 1_000, 1_000_000],
        [10_000, 10_000, 200_000],
      ],
    )
  })

  it('have records of their shape', () => {
    const { key, value, partition, headers } = recordsOf({ ...BASE, valueBytes: 1_000, headers: 5 })(7)
    assert.equal(value.length, 1_000)
    assert.equal(JSON.parse(value.toString()).user, key.toString())
    assert.equal(headers!.length, 5)
    assert.ok(partition < BASE.partitions)
  })
})

describe('the report of the scaling', () => {
  const results = [result(1, 500_000), result(100, 250_000)]

  it('is a table that takes its place in a document', () => {
    const table = scalingTable(results)
    assert.match(table, /^\| 10,000 \| 100 \| 100 \| 0 \| 1,000 \| 250,000 \| 25 \| 1\.23 \| 200 \| 12 \|$/m)
    const document = 'before\n<!-- measured by npm run bench -- scaling -->\nold\n<!-- end -->\nbehind\n'
    const written = withTable(document, table)
    assert.ok(written.startsWith('before\n') && written.endsWith('\nbehind\n') && written.includes(table))
    assert.ok(!written.includes('old'))
    assert.equal(withTable(written, table), written)
    assert.throws(() => withTable('nothing', table), /no place/)
  })

  it('is a plot with a bar for each case, as high as it is quick', () => {
    const plot = scalingPlot(results)
    const bars = [...plot.matchAll(/width="44" height="([\d.]+)"/g)].map(([, height]) => Number(height))
    assert.deepEqual(bars, [200, 100])
    assert.match(plot, />500<.*>1</s)
  })
})

describe('the scaling', () => {
  it('is measured with a topic for each case', async () => {
    const options = parseScalingOptions(['headers', '--quick', '--records', '5000'])
    const results = await benchScaling(options, new AbortController().signal, () => {})
    assert.deepEqual(
      results.map(({ size, records }) => [size, records]),
      [
        [0, 5_000],
        [5, 5_000],
      ],
    )
    for (const each of results) assert.ok(each.recordsPerSecond > 0 && each.cpuSecondsPerMillion > 0)
  })
})
