import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { KafkaStreams } from '../../src/index.js'
import { prometheusMetrics } from '../../src/observe/index.js'
import { numbered } from '../support/counting.js'
import { isWritten } from '../support/processed-all.js'
import { TestApplication } from '../support/test-application.js'

interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The series of a scrape, by metric, read as Prometheus would. */
function read(scrape: string): Map<string, Series[]> {
  const metrics = new Map<string, Series[]>()
  for (const line of scrape.split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? assert.fail(line)
    const pairs = [...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key!, text!])
    const series = { labels: Object.fromEntries(pairs), value: Number(value) }
    metrics.set(name!, [...(metrics.get(name!) ?? []), series])
  }
  return metrics
}

const RECORDS = 1000
const KEYS = 500
const PARTITIONS = 4

/** An application of two worker threads that has counted records, and its registry. */
async function counted(app: TestApplication) {
  const input = await app.topic('input', PARTITIONS)
  const output = await app.topic('output', 1)
  const module = new URL('../support/topologies/counting-module.js', import.meta.url)
  module.search = new URLSearchParams({ input, output }).toString()
  const client = async (process: string) =>
    app.keep(await KafkaStreams.fromModule(module, app.options({}, process)))
  const streams = await client('one')
  const registry = prometheusMetrics(streams, { labels: { application: 'counting' } })
  await streams.start()
  await app.until('both have tasks', () => streams.metrics().threads.every(({ tasks }) => tasks.length === 2))
  await app.client.write(input, numbered(RECORDS, { keys: KEYS }))
  await app.committed(input)
  await app.until('both report', () => {
    const { recordsProcessed, lag } = streams.metrics()
    return streams.state === 'running' && recordsProcessed === RECORDS && lag === 0 && isWritten(streams)
  })
  return { input, output, streams, registry, client }
}

/** The values of a metric, summed over the series that have these labels. */
const total = (
  metrics: ReadonlyMap<string, readonly Series[]>,
  name: string,
  among: Readonly<Record<string, string>> = {},
): number =>
  (metrics.get(name) ?? assert.fail(`no ${name}`))
    .filter(({ labels }) => Object.entries(among).every(([key, value]) => labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0)

describe('a scrape of an application of two threads', () => {
  test('has what each has done, whatever the number of keys, and goes on when tasks leave', async () => {
    const app = await TestApplication.create({ cacheMaxBytes: 0, threads: 2 })
    await using _ = app
    const before = Date.now()
    const { input, output, streams, registry, client } = await counted(app)
    const metrics = read(await registry.metrics())

    const ofThreads = (name: string): number[] => {
      const series = metrics.get(name) ?? assert.fail(`no ${name}`)
      assert.deepEqual(
        series.map(({ labels }) => labels),
        ['0', '1'].map((thread) => ({ application: 'counting', thread })),
        name,
      )
      return series.map(({ value }) => value)
    }
    const sum = (name: string, among?: Record<string, string>): number => total(metrics, name, among)
    assert.equal(sum('millrace_thread_records_processed_total'), RECORDS)
    assert.equal(sum('millrace_thread_output_records_total'), RECORDS)
    assert.equal(sum('millrace_thread_tasks'), PARTITIONS)
    assert.deepEqual(ofThreads('millrace_thread_lag_records'), [0, 0])
    assert.deepEqual(ofThreads('millrace_thread_pending_bytes'), [0, 0])
    const commits = ofThreads('millrace_thread_commits_total')
    for (const count of commits) assert.ok(count > 0)
    assert.deepEqual(ofThreads('millrace_thread_commit_duration_seconds_count'), commits)
    assert.deepEqual(ofThreads('millrace_thread_transaction_duration_seconds_count'), commits)
    for (const took of ofThreads('millrace_thread_commit_duration_seconds_sum')) assert.ok(took > 0)
    for (const rebalances of ofThreads('millrace_thread_rebalances_total')) assert.ok(rebalances > 0)
    for (const busy of ofThreads('millrace_thread_busy_seconds_total')) assert.ok(busy > 0)
    for (const start of ofThreads('millrace_thread_start_time_seconds')) {
      assert.ok(start * 1000 >= before && start * 1000 <= Date.now())
    }
    const running = metrics.get('millrace_client_state')!.find(({ labels }) => labels.state === 'running')
    assert.deepEqual(running, { labels: { application: 'counting', state: 'running' }, value: 1 })

    assert.equal(sum('millrace_task_records_processed_total'), RECORDS)
    assert.equal(metrics.get('millrace_partition_lag_records')!.length, PARTITIONS)
    assert.equal(sum('millrace_partition_lag_records'), 0)
    assert.equal(sum('millrace_partition_oldest_record_age_seconds'), 0)
    assert.equal(sum('millrace_partition_position_offset', { topic: input }), RECORDS)
    assert.equal(sum('millrace_topic_input_records_total', { topic: input }), RECORDS)
    assert.ok(sum('millrace_topic_input_bytes_total', { topic: input }) > RECORDS)
    assert.equal(sum('millrace_topic_output_records_total', { topic: output }), RECORDS)
    assert.ok(sum('millrace_topic_output_bytes_total', { topic: output }) > RECORDS)
    const changelog = app.internalTopic('counts-changelog')
    assert.ok(sum('millrace_topic_output_records_total', { topic: changelog }) >= KEYS)
    assert.equal(sum('millrace_topic_processing_latency_seconds_count', { topic: input }), RECORDS)
    assert.equal(sum('millrace_topic_processing_latency_seconds_bucket', { le: '60' }), RECORDS)
    // The records say that they are of the year 1970.
    assert.equal(sum('millrace_topic_end_to_end_latency_seconds_bucket', { le: '60' }), 0)
    assert.equal(sum('millrace_topic_end_to_end_latency_seconds_bucket', { le: '+Inf' }), RECORDS)
    assert.equal(sum('millrace_store_memory_entries', { store: 'counts' }), KEYS)
    assert.equal(sum('millrace_store_lookups_total', { store: 'counts' }), RECORDS)
    assert.equal(sum('millrace_store_lookup_misses_total', { store: 'counts' }), 0)

    const series = [...metrics.values()].flat()
    assert.ok(series.length < KEYS, `${series.length} series of ${KEYS} keys`)

    await (await client('two')).start()
    await app.until('half of the tasks have left', () => streams.metrics().tasks.length === PARTITIONS / 2)
    const after = read(await registry.metrics())
    const keyOf = ({ labels }: Series): string => JSON.stringify(labels)
    for (const [name, counts] of metrics) {
      if (!name.endsWith('_total')) continue
      const values = new Map((after.get(name) ?? []).map((each) => [keyOf(each), each.value]))
      for (const each of counts) {
        assert.ok(values.get(keyOf(each))! >= each.value, `${name} of ${keyOf(each)} went back`)
      }
    }
    assert.equal(after.get('millrace_partition_lag_records')!.length, PARTITIONS / 2)
  })
})
