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

const read = (topic: string, records: number) => ({
  topic,
  records,
  bytes: 0,
  endToEndLatency: NO_DURATIONS,
  processingLatency: NO_DURATIONS,
})

const input = (topic: string, partition: number, lag?: number) =>
  inputMetrics({ topic, partition, position: 0, lag })

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
      {
        recordsProcessed: 110,
        outputRecords: 25,
        commits: 4,
        commitTimes: { ...NO_DURATIONS, sum: 60 },
        streamTime: 2 * DAY_MS,
      },
      { recordsProcessed: 50, commits: 1, commitTimes: { ...NO_DURATIONS, sum: 40 } },
    )
    assert.equal(status.records, 160)
    assert.equal(status.recordsPerSecond, 150)
    assert.equal(status.outputPerSecond, 20)
    assert.equal(status.commitsPerSecond, 4)
    assert.equal(status.commitMs, 25)
    assert.equal(status.eventTimePerSecond, 2 * DAY_MS)
  })

  test('adds up what is read and written of a topic, by its name in the topology, over all threads', () => {
    const sampled = new Sampled()
    const written = (topic: string, records: number) => ({ topic, records, bytes: 0 })
    sampled.sample(
      { topicsRead: [read('app-r', 100)], topicsWritten: [written('app-r', 7), written('out', 0)] },
      { topicsRead: [read('app-r', 50)] },
    )
    const { topics } = sampled.sample(
      {
        topicsRead: [read('app-r', 130)],
        topicsWritten: [written('app-r', 57), written('out', 5)],
        inputs: [input('app-r', 0, 7)],
      },
      { topicsRead: [read('app-r', 60)], inputs: [input('app-r', 1, 3)] },
    )
    assert.deepEqual(topics, [
      { topic: 'r', partitions: 2, readPerSecond: 40, writtenPerSecond: 50, lag: 10 },
      { topic: 'out', partitions: 0, readPerSecond: null, writtenPerSecond: 5, lag: null },
    ])
  })

  test('knows no lag of a topic before it is known of all its partitions', () => {
    const { topics } = new Sampled().sample({ inputs: [input('t', 0, 0), input('t', 1)] })
    assert.equal(topics[0]!.lag, null)
  })

  test('adds up the tasks of a sub-topology', () => {
    const task = (name: string, recordsProcessed: number) => ({
      task: name,
      recordsProcessed,
      processingMs: 0,
    })
    const sampled = new Sampled()
    sampled.sample({ taskCounts: [task('0_0', 1), task('0_1', 1), task('12_0', 1)] })
    const { subTopologies } = sampled.sample({
      taskCounts: [task('0_0', 5), task('0_1', 3), task('12_0', 2)],
    })
    assert.deepEqual(subTopologies, [
      { id: 0, recordsPerSecond: 6 },
      { id: 12, recordsPerSecond: 1 },
    ])
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
