import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { better, figuresOf, jsonReport, table, type WorkloadReport } from '../../bench/report.js'

const run = (recordsPerSecond: number) => ({
  recordsPerSecond,
  steadyRecordsPerSecond: recordsPerSecond * 2,
  cpuSecondsPerMillion: 1_000_000 / recordsPerSecond,
  brokerCpuSecondsPerMillion: 1,
  maxRssMb: 200,
  outputRecords: 10,
  commitIntervalP50Ms: 100 as number | null,
  loopDelayP99Ms: 12.34 as number | null,
})

const report: WorkloadReport = {
  workload: 'count',
  guarantee: 'exactly_once',
  records: 1_000_000,
  runs: 3,
  resultsEqual: true,
  millrace: figuresOf([run(900_000), run(1_000_000), run(1_100_000)]),
  kafkaStreams: new Map([
    ['kafka-streams', figuresOf([run(200_000)])],
    ['kafka-streams, cache 256 MiB', figuresOf([run(250_000)])],
  ]),
}

describe('the report of the benchmark', () => {
  it('takes the median of each figure', () => {
    assert.equal(report.millrace.recordsPerSecond, 1_000_000)
    assert.equal(report.millrace.cpuSecondsPerMillion, 1)
  })

  it('knows no commit interval where no run has one', () => {
    assert.equal(figuresOf([{ ...run(1000), commitIntervalP50Ms: null }]).commitIntervalP50Ms, null)
  })

  it('compares with the better configuration of Kafka Streams', () => {
    assert.equal(better(report).recordsPerSecond, 250_000)
    assert.match(table(report), /^millrace \/ better of kafka-streams +4\.00 x +4\.00 x +0\.25 x/m)
  })

  it('writes the figures as JSON in its documented shape', () => {
    assert.deepEqual(jsonReport({ millrace: '1.0.0' }, [report]), {
      versions: { millrace: '1.0.0' },
      workloads: [
        {
          workload: 'count',
          guarantee: 'exactly_once',
          records: 1_000_000,
          runs: 3,
          resultsEqual: true,
          millrace: {
            recordsPerSecond: 1_000_000,
            steadyRecordsPerSecond: 2_000_000,
            cpuSecondsPerMillion: 1,
            maxRssMb: 200,
            outputRecords: 10,
            commitIntervalP50Ms: 100,
            loopDelayP99Ms: 12.3,
          },
          'kafka-streams': {
            recordsPerSecond: 250_000,
            steadyRecordsPerSecond: 500_000,
            cpuSecondsPerMillion: 4,
            maxRssMb: 200,
            outputRecords: 10,
            commitIntervalP50Ms: 100,
          },
        },
      ],
    })
  })

  it('says so where results differ', () => {
    assert.match(table({ ...report, resultsEqual: false }), /RESULTS DIFFER/)
  })
})
