import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import { benchLatency, isQuick, latencyText } from '../../bench/latency/latency-bench.js'
import { latencyLedger } from '../../bench/latency/latency-ledger.js'
import { parseLatencyOptions } from '../../bench/latency/latency-options.js'
import { percentile } from '../../bench/percentile.js'
import { eventAt, KEPT_TYPE } from '../../bench/workloads.js'
import { packageRoot } from '../../src/testing/local-server/package-file.js'

const int64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

describe('options of the latency', () => {
  it('offer a quarter of what Kafka Streams drains where no rate is given', () => {
    assert.deepEqual(parseLatencyOptions([]), {
      workloads: ['filter-map', 'count'],
      guarantees: ['exactly_once', 'at_least_once'],
      rate: undefined,
      drainRecords: 2_000_000,
      warmUpSeconds: 10,
      seconds: 20,
      runs: 3,
      json: undefined,
    })
    assert.equal(parseLatencyOptions(['count', '--rate', '5000']).rate, 5_000)
  })

  it('refuse a workload whose outputs do not tell which records they stand for', () => {
    assert.throws(() => parseLatencyOptions(['window']), UsageError)
  })
})

describe('a percentile', () => {
  it('is the smallest number that so many percent do not exceed', () => {
    const numbers = Array.from({ length: 100 }, (_, index) => 100 - index)
    assert.deepEqual(
      [50, 99, 100].map((percent) => percentile(numbers, percent)),
      [50, 99, 100],
    )
    assert.equal(percentile([7], 1), 7)
    assert.throws(() => percentile([], 50), RangeError)
  })
})

describe('the account of latencies', () => {
  it('takes the time of each event that filter-map keeps, from the first that counts on', () => {
    const events = [eventAt(0), eventAt(1), eventAt(2)].map((event) => ({ ...event, type: KEPT_TYPE }))
    const ledger = latencyLedger('filter-map', 1)
    for (const event of events) ledger.appended(event, event.id)
    ledger.appended({ ...eventAt(3), type: 'view' }, 3)
    assert.equal(ledger.outstanding, 3)
    for (const { id } of events) ledger.committed('', Buffer.from(JSON.stringify({ id })), id + 10 * (id + 1))
    assert.deepEqual([ledger.outstanding, ledger.latencies], [0, [20, 30]])
  })

  it('takes the times of all events that a count stands for', () => {
    const ledger = latencyLedger('count', 0)
    for (const id of [0, 1, 2]) ledger.appended({ ...eventAt(id), user: 'anna' }, id)
    ledger.committed('anna', int64(2), 10)
    assert.deepEqual([ledger.outstanding, ledger.latencies], [1, [10, 9]])
    ledger.committed('anna', int64(3), 20)
    assert.deepEqual([ledger.outstanding, ledger.latencies], [0, [10, 9, 18]])
  })

  it('refuses an output that no event waits for', () => {
    const ledger = latencyLedger('filter-map', 0)
    assert.throws(() => ledger.committed('', Buffer.from('{"id":1}'), 1), /event 1/)
    assert.throws(() => latencyLedger('count', 0).committed('anna', int64(1), 1), /anna/)
  })
})

describe('the latency', () => {
  it('is measured from the append of each record to the commit of its output, on both sides', async () => {
    const options = {
      ...parseLatencyOptions(['count', '--guarantee', 'exactly_once', '--drain-records', '200000']),
      warmUpSeconds: 1,
      seconds: 1,
      runs: 1,
    }
    const signal = new AbortController().signal
    const [report] = await benchLatency(packageRoot(), options, signal, () => {})
    assert.ok(report!.rate > 0)
    for (const { p50Ms, p99Ms, maxMs } of [report!.millrace, report!.kafkaStreams]) {
      assert.ok(p50Ms > 0 && p50Ms <= p99Ms && p99Ms <= maxMs)
    }
    assert.match(latencyText(report!), /millrace \/ kafka-streams: p50 \d+\.\d\d x, p99 \d+\.\d\d x$/)
  })

  it('is to be at most that of Kafka Streams, the median and the slowest hundredth', () => {
    const figures = { p50Ms: 10, p99Ms: 20, maxMs: 30 }
    const report = { workload: 'count', guarantee: 'exactly_once', rate: 1, runs: 1 } as const
    assert.ok(isQuick({ ...report, millrace: figures, kafkaStreams: figures }))
    assert.ok(!isQuick({ ...report, millrace: { ...figures, p99Ms: 21 }, kafkaStreams: figures }))
  })
})
