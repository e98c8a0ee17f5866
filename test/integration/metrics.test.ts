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

describe('a scrape of an application of two threads', () => {
  test('has what each thread has done, whatever the number of keys', async () => {
    const app = await TestApplication.create({ cacheMaxBytes: 0, threads: 2 })
    await using _ = app
    const input = await app.topic('input', 4)
    const output = await app.topic('output', 1)
    const module = new URL('../support/topologies/counting-module.js', import.meta.url)
    module.search = new URLSearchParams({ input, output }).toString()
    const streams = app.keep(await KafkaStreams.fromModule(module, app.options()))
    const registry = prometheusMetrics(streams, { labels: { application: 'counting' } })
    const before = Date.now()
    await streams.start()
    await app.until('both have tasks', () =>
      streams.metrics().threads.every(({ tasks }) => tasks.length === 2),
    )
    await app.client.write(input, numbered(RECORDS, { keys: 400 }))
    await app.committed(input)
    await app.until('both report', () => {
      const { recordsProcessed, lag } = streams.metrics()
      return streams.state === 'running' && recordsProcessed === RECORDS && lag === 0 && isWritten(streams)
    })

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
    const total = (name: string): number => ofThreads(name).reduce((sum, value) => sum + value, 0)
    assert.equal(total('millrace_thread_records_processed_total'), RECORDS)
    assert.equal(total('millrace_thread_output_records_total'), RECORDS)
    assert.equal(total('millrace_thread_tasks'), 4)
    assert.deepEqual(ofThreads('millrace_thread_lag_records'), [0, 0])
    assert.deepEqual(ofThreads('millrace_thread_pending_bytes'), [0, 0])
    for (const commits of ofThreads('millrace_thread_commits_total')) assert.ok(commits > 0)
    for (const took of ofThreads('millrace_thread_last_commit_duration_seconds'))
      assert.ok(took > 0 && took < 60)
    for (const start of ofThreads('millrace_thread_start_time_seconds')) {
      assert.ok(start * 1000 >= before && start * 1000 <= Date.now())
    }
    const running = metrics.get('millrace_client_state')!.find(({ labels }) => labels.state === 'running')
    assert.deepEqual(running, { labels: { application: 'counting', state: 'running' }, value: 1 })
    const series = [...metrics.values()].flat()
    assert.ok(series.length < 40, `${series.length} series of 400 keys`)
  })
})
