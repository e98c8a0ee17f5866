import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Counter, Registry } from 'prom-client'
import { ConfigError } from '../../../src/index.js'
import { prometheusMetrics } from '../../../src/observe/index.js'
import { FakeClient, inputMetrics, threadMetrics } from '../../support/thread-metrics.js'

/** The lines of a scrape that are values of metrics with this beginning. */
const scraped = async (registry: Registry, prefix: string): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(prefix))

describe('metrics for Prometheus', () => {
  it('tell of each thread, in base units', async () => {
    const client = new FakeClient([
      threadMetrics({ thread: 0, recordsProcessed: 7, busyMs: 250 }),
      threadMetrics({ thread: 1, recordsProcessed: 9 }),
    ])
    const registry = prometheusMetrics(client)
    assert.deepEqual(await scraped(registry, 'millrace_thread_records_processed_total'), [
      'millrace_thread_records_processed_total{thread="0"} 7',
      'millrace_thread_records_processed_total{thread="1"} 9',
    ])
    assert.deepEqual(await scraped(registry, 'millrace_thread_busy_seconds_total'), [
      'millrace_thread_busy_seconds_total{thread="0"} 0.25',
      'millrace_thread_busy_seconds_total{thread="1"} 0',
    ])
    assert.deepEqual(await scraped(registry, 'millrace_client_threads'), ['millrace_client_threads 2'])
  })

  it('are read anew at each scrape, once', async () => {
    const client = new FakeClient([threadMetrics({ recordsProcessed: 7 })])
    const registry = prometheusMetrics(client)
    assert.equal(client.reads, 0)
    await registry.metrics()
    assert.equal(client.reads, 1)
    client.threads = [threadMetrics({ recordsProcessed: 8 })]
    assert.deepEqual(await scraped(registry, 'millrace_thread_records_processed_total'), [
      'millrace_thread_records_processed_total{thread="0"} 8',
    ])
    assert.equal(client.reads, 2)
  })

  it('count on when a thread has begun anew', async () => {
    const client = new FakeClient([threadMetrics({ startedAt: 1, recordsProcessed: 7, pendingBytes: 5 })])
    const registry = prometheusMetrics(client)
    await registry.metrics()
    client.threads = [threadMetrics({ startedAt: 2, recordsProcessed: 8, pendingBytes: 6 })]
    assert.deepEqual(await scraped(registry, 'millrace_thread_records_processed_total'), [
      'millrace_thread_records_processed_total{thread="0"} 15',
    ])
    assert.deepEqual(await scraped(registry, 'millrace_thread_pending_bytes'), [
      'millrace_thread_pending_bytes{thread="0"} 6',
    ])
  })

  it('have no series for what is not known, or no longer there', async () => {
    const eventTime = { task: '0_0', watermark: 5_000, waitsFor: [], held: [] }
    const client = new FakeClient([threadMetrics({ lag: 3, eventTime: [eventTime] })])
    const registry = prometheusMetrics(client)
    assert.deepEqual(await scraped(registry, 'millrace_task_watermark_seconds'), [
      'millrace_task_watermark_seconds{thread="0",task="0_0"} 5',
    ])
    client.threads = [threadMetrics({ eventTime: [{ ...eventTime, watermark: undefined }] })]
    assert.deepEqual(await scraped(registry, 'millrace_task_watermark'), [])
    assert.deepEqual(await scraped(registry, 'millrace_thread_lag_records'), [])
    assert.deepEqual(await scraped(registry, 'millrace_thread_stream_time_seconds'), [])
  })

  it('tell a watermark that is ahead of the wall clock from none that lags', async () => {
    const ahead = { task: '0_0', watermark: Number.MAX_SAFE_INTEGER, waitsFor: [], held: [] }
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ eventTime: [ahead] })]))
    assert.deepEqual(await scraped(registry, 'millrace_task_watermark_lag_seconds'), [
      'millrace_task_watermark_lag_seconds{thread="0",task="0_0"} 0',
    ])
  })

  it('tell what holds intake back, by topic', async () => {
    const intake = {
      bufferedBytes: 0,
      paused: [],
      pausedMs: { 'a:b:commit': 1_500, 'a:b:rate': 250 },
      rateLimits: [{ topic: 'a:b', recordsPerSecond: 12.5, bytesPerSecond: undefined }],
    }
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ intake })]))
    assert.deepEqual(await scraped(registry, 'millrace_topic_'), [
      'millrace_topic_paused_seconds_total{thread="0",topic="a:b",reason="commit"} 1.5',
      'millrace_topic_paused_seconds_total{thread="0",topic="a:b",reason="rate"} 0.25',
      'millrace_topic_rate_limit_records_per_second{thread="0",topic="a:b"} 12.5',
    ])
  })

  it('tell operator from reason, whatever the name of the operator', async () => {
    const dropped = { 'read:late': 2, 'a:b:null-key': 1 }
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ dropped })]))
    assert.deepEqual(await scraped(registry, 'millrace_operator_dropped_records_total'), [
      'millrace_operator_dropped_records_total{thread="0",operator="read",reason="late"} 2',
      'millrace_operator_dropped_records_total{thread="0",operator="a:b",reason="null-key"} 1',
    ])
  })

  it('tell of the calls of asynchronous operators', async () => {
    const counts = {
      inFlight: 3,
      attempts: 9,
      retries: 2,
      timeouts: 1,
      failures: 1,
      breaker: 'open' as const,
    }
    const asyncCalls = [{ task: '0_1', operator: 'ask', ...counts }]
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ asyncCalls })]))
    const labels = 'thread="0",task="0_1",operator="ask"'
    assert.deepEqual(await scraped(registry, 'millrace_operator_async'), [
      `millrace_operator_async_in_flight_records{${labels}} 3`,
      `millrace_operator_async_attempts_total{${labels}} 9`,
      `millrace_operator_async_retries_total{${labels}} 2`,
      `millrace_operator_async_timeouts_total{${labels}} 1`,
      `millrace_operator_async_failures_total{${labels}} 1`,
      `millrace_operator_async_breaker_state{${labels},state="closed"} 0`,
      `millrace_operator_async_breaker_state{${labels},state="half-open"} 0`,
      `millrace_operator_async_breaker_state{${labels},state="open"} 1`,
    ])
  })

  it('tell of the timers of operators', async () => {
    const timers = [{ task: '0_1', operator: 'visits', pending: 3, fired: 9 }]
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ timers })]))
    const labels = 'thread="0",task="0_1",operator="visits"'
    assert.deepEqual(
      [
        ...(await scraped(registry, 'millrace_operator_pending_timers')),
        ...(await scraped(registry, 'millrace_operator_fired_timers')),
      ],
      [`millrace_operator_pending_timers{${labels}} 3`, `millrace_operator_fired_timers_total{${labels}} 9`],
    )
  })

  it('tell durations in buckets, each with those before it', async () => {
    const commitTimes = { bounds: [5, 100], counts: [2, 3, 1], sum: 812 }
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ commitTimes })]), {
      labels: { application: 'delays' },
    })
    const name = 'millrace_thread_commit_duration_seconds'
    const expected = [
      `${name}_bucket{le="0.005",application="delays",thread="0"} 2`,
      `${name}_bucket{le="0.1",application="delays",thread="0"} 5`,
      `${name}_bucket{le="+Inf",application="delays",thread="0"} 6`,
      `${name}_sum{application="delays",thread="0"} 0.812`,
      `${name}_count{application="delays",thread="0"} 6`,
    ]
    assert.deepEqual(await scraped(registry, name), expected)
    const [described] = (await registry.getMetricsAsJSON()).filter((metric) => metric.name === name)
    assert.equal(String(described!.type), 'histogram')
    assert.equal((described as unknown as { values: unknown[] }).values.length, expected.length)
  })

  it('tell of topics, what was read apart from what was written', async () => {
    const latency = { bounds: [5], counts: [4, 0], sum: 8 }
    const figures = threadMetrics({
      topicsRead: [
        { topic: 'in', records: 4, bytes: 90, endToEndLatency: latency, processingLatency: latency },
      ],
      topicsWritten: [{ topic: 'out', records: 2, bytes: 50 }],
    })
    const registry = prometheusMetrics(new FakeClient([figures]))
    assert.deepEqual(
      (await scraped(registry, 'millrace_topic')).filter((line) => !line.includes('_latency_')),
      [
        'millrace_topic_input_records_total{thread="0",topic="in"} 4',
        'millrace_topic_input_bytes_total{thread="0",topic="in"} 90',
        'millrace_topic_output_records_total{thread="0",topic="out"} 2',
        'millrace_topic_output_bytes_total{thread="0",topic="out"} 50',
      ],
    )
    assert.deepEqual(await scraped(registry, 'millrace_topic_end_to_end_latency_seconds_count'), [
      'millrace_topic_end_to_end_latency_seconds_count{thread="0",topic="in"} 4',
    ])
  })

  it('tell of input partitions, and how many of them wait for what', async () => {
    const input = inputMetrics({
      position: 12,
      lag: 30,
      bufferedRecords: 7,
      bufferedBytes: 900,
      oldestAgeMs: 2_500,
    })
    const intake = {
      bufferedBytes: 900,
      paused: [{ input: 'in-0', reason: 'buffer' as const }],
      pausedMs: {},
      rateLimits: [],
    }
    const unknown = { ...input, partition: 1, lag: undefined, oldestAgeMs: undefined }
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ inputs: [input, unknown], intake })]))
    const labels = (partition: number): string => `{thread="0",topic="in",partition="${partition}"}`
    assert.deepEqual(await scraped(registry, 'millrace_partition'), [
      `millrace_partition_position_offset${labels(0)} 12`,
      `millrace_partition_position_offset${labels(1)} 12`,
      `millrace_partition_lag_records${labels(0)} 30`,
      `millrace_partition_oldest_record_age_seconds${labels(0)} 2.5`,
      `millrace_partition_buffered_records${labels(0)} 7`,
      `millrace_partition_buffered_records${labels(1)} 7`,
      `millrace_partition_buffered_bytes${labels(0)} 900`,
      `millrace_partition_buffered_bytes${labels(1)} 900`,
    ])
    assert.deepEqual(await scraped(registry, 'millrace_thread_paused_partitions'), [
      'millrace_thread_paused_partitions{thread="0",reason="commit"} 0',
      'millrace_thread_paused_partitions{thread="0",reason="calls"} 0',
      'millrace_thread_paused_partitions{thread="0",reason="alignment"} 0',
      'millrace_thread_paused_partitions{thread="0",reason="rate"} 0',
      'millrace_thread_paused_partitions{thread="0",reason="schema"} 0',
      'millrace_thread_paused_partitions{thread="0",reason="buffer"} 1',
    ])
  })

  it('tell of schema registries', async () => {
    const loads = { misses: 4, fetched: 2, notFound: 1, failures: 3, outageMs: 1500, pending: 1 }
    const schemaLoads = [{ registry: 'schema registry http://localhost:8081', ...loads }]
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ schemaLoads })]))
    const labels = '{thread="0",registry="schema registry http://localhost:8081"}'
    assert.deepEqual(await scraped(registry, 'millrace_schema_registry_awaited_schemas'), [
      `millrace_schema_registry_awaited_schemas${labels} 1`,
    ])
    assert.deepEqual(await scraped(registry, 'millrace_schema_registry_outage_seconds'), [
      `millrace_schema_registry_outage_seconds${labels} 1.5`,
    ])
    assert.deepEqual(await scraped(registry, 'millrace_schema_registry_failures_total'), [
      `millrace_schema_registry_failures_total${labels} 3`,
    ])
  })

  it('tell of stores, and of those of tasks that have left what was counted only', async () => {
    const store = {
      task: '0_0',
      store: 'counts',
      memoryEntries: 3,
      memoryBytes: 300,
      databaseBytes: undefined,
      lookups: 9,
      misses: 1,
      restore: { records: 8, remaining: 2 },
    }
    const gone = {
      ...store,
      task: '0_1',
      memoryEntries: undefined,
      memoryBytes: undefined,
      restore: undefined,
    }
    const registry = prometheusMetrics(new FakeClient([threadMetrics({ stores: [store, gone] })]))
    const labels = (task: string): string => `{thread="0",task="${task}",store="counts"}`
    assert.deepEqual(await scraped(registry, 'millrace_store'), [
      `millrace_store_memory_entries${labels('0_0')} 3`,
      `millrace_store_memory_bytes${labels('0_0')} 300`,
      `millrace_store_lookups_total${labels('0_0')} 9`,
      `millrace_store_lookups_total${labels('0_1')} 9`,
      `millrace_store_lookup_misses_total${labels('0_0')} 1`,
      `millrace_store_lookup_misses_total${labels('0_1')} 1`,
      `millrace_store_restore_records${labels('0_0')} 8`,
      `millrace_store_restore_remaining_records${labels('0_0')} 2`,
    ])
  })

  it('tell the state of the client', async () => {
    const registry = prometheusMetrics(new FakeClient([]))
    const states = await scraped(registry, 'millrace_client_state')
    assert.equal(states.length, 6)
    assert.deepEqual(
      states.filter((line) => line.endsWith(' 1')),
      ['millrace_client_state{state="running"} 1'],
    )
  })

  it('share a registry with others, whose labels stay theirs', async () => {
    const registry = new Registry()
    const counter = new Counter({ name: 'orders_total', help: 'orders', registers: [registry] })
    counter.inc()
    const client = new FakeClient([threadMetrics()])
    assert.equal(prometheusMetrics(client, { registry, labels: { application: 'delays' } }), registry)
    assert.deepEqual(await scraped(registry, 'orders'), ['orders_total 1'])
    assert.deepEqual(await scraped(registry, 'millrace_thread_commits'), [
      'millrace_thread_commits_total{application="delays",thread="0"} 0',
    ])
  })

  it('refuse labels that Prometheus does not take, or that are in use', () => {
    const refused = (labels: Record<string, string>, problem: RegExp): void =>
      assert.throws(
        () => prometheusMetrics(new FakeClient([]), { labels }),
        (error) => error instanceof ConfigError && problem.test(error.message),
      )
    refused({ 'data-center': 'a' }, /option labels: data-center is no name/)
    refused({ __own: 'a' }, /option labels: __own is no name/)
    refused({ le: 'a' }, /option labels: metrics have a label le of their own/)
    refused({ thread: 'a' }, /option labels: metrics have a label thread of their own/)
  })

  it('refuse a second client in one registry', () => {
    const registry = prometheusMetrics(new FakeClient([]))
    assert.throws(() => prometheusMetrics(new FakeClient([]), { registry }), /already been registered/)
  })
})
