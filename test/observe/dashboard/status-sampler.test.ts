import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StatusSampler } from '../../../src/observe/dashboard/status-sampler.js'
import { NO_DURATIONS } from '../../../src/runtime/duration-histogram.js'
import { figuresAtFirst, sumMetrics, type ThreadMetrics } from '../../../src/runtime/stream-metrics.js'
import { inputMetrics } from '../../support/thread-metrics.js'

const DAY_MS = 86_400_000

/** A client that tells what it is given, and the sampler of it. */
class Sampled {
  private threads: readonly ThreadMetrics[] = []
  private second = 0
  private readonly sampler = new StatusSampler(
    {
      streams: { state: 'running', metrics: () => sumMetrics(this.threads) },
      fingerprint: 'f',
      topicName: (topic) => topic.replace(/^app-/, ''),
      results: undefined,
    },
    () => this.second * 1000,
  )

  sample(...threads: readonly Partial<ThreadMetrics>[]) {
    this.threads = threads.map((thread, index) => ({ ...figuresAtFirst(index, 0), ...thread }))
    this.second++
    return this.sampler.sample()
  }
}

const input = (topic: string, partition: number, position: number, lag?: number) =>
  inputMetrics({ topic, partition, position, lag })

/** Commits that took so long together, milliseconds. */
const took = (sum: number) => ({ ...NO_DURATIONS, sum })

describe('the status of a client', () => {
  test('tells nothing that is not known', () => {
    const { state, recordsPerSecond, lag, commitMs, streamTime, watermark, topics } = new Sampled().sample({})
    assert.equal(state, 'running')
    for (const value of [recordsPerSecond, lag, commitMs, streamTime, watermark]) assert.equal(value, null)
    assert.deepEqual(topics, [])
  })

  test('has the rates of records, results and commits, and of event time', () => {
    const sampled = new Sampled()
    sampled.sample({ recordsProcessed: 10, outputRecords: 5, commits: 1, streamTime: 0 })
    const status = sampled.sample(
      { recordsProcessed: 110, outputRecords: 25, commits: 4, commitTimes: took(80), streamTime: 2 * DAY_MS },
      { recordsProcessed: 50, commits: 1, commitTimes: took(40) },
    )
    assert.equal(status.records, 160)
    assert.equal(status.recordsPerSecond, 150)
    assert.equal(status.outputPerSecond, 20)
    assert.equal(status.commitsPerSecond, 4)
    assert.equal(status.commitMs, 30, '(80 + 40) ms in 4 commits')
    assert.equal(status.eventTimePerSecond, 2 * DAY_MS)
  })

  test('adds up the partitions of a topic, by its name in the topology, over all threads', () => {
    const sampled = new Sampled()
    sampled.sample({ inputs: [input('app-r', 0, 100, 7)] }, { inputs: [input('app-r', 1, 50, 3)] })
    const { topics } = sampled.sample(
      { inputs: [input('app-r', 0, 130, 7)] },
      { inputs: [input('app-r', 1, 60, 3)] },
    )
    assert.deepEqual(topics, [{ topic: 'r', partitions: 2, readPerSecond: 40, lag: 10 }])
  })

  test('counts a partition that has just come from where it is, and knows no lag before all are known', () => {
    const sampled = new Sampled()
    sampled.sample({ inputs: [input('t', 0, 100, 0)] })
    const { topics } = sampled.sample({ inputs: [input('t', 0, 110, 0), input('t', 1, 5_000_000)] })
    assert.deepEqual(topics, [{ topic: 't', partitions: 2, readPerSecond: 10, lag: null }])
  })

  test('has the least watermark, once all tasks know theirs', () => {
    const at = (watermark: number | undefined) => ({ task: '0_0', watermark, waitsFor: [], held: [] })
    const sampled = new Sampled()
    assert.equal(sampled.sample({ eventTime: [at(20), at(undefined)] }).watermark, null)
    assert.equal(sampled.sample({ eventTime: [at(20), at(10)] }).watermark, 10)
  })

  test('adds up what was dropped', () => {
    assert.equal(new Sampled().sample({ dropped: { 'a:late': 2, 'b:nullKey': 1 } }).dropped, 3)
  })
})
