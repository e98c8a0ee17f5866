import assert from 'node:assert/strict'
import { StreamsBuilder, string, TumblingWindows, Watermarks } from '../../src/index.js'
import { decodeCommitMetadata } from '../../src/runtime/commit-metadata.js'
import { eventTimeEnded, OperatorTimes } from '../../src/runtime/operator-times.js'
import { TopicNames } from '../../src/runtime/topic-names.js'
import { decodeMarker } from '../../src/time/watermark-marker.js'
import type { PartitionOffset } from './group-coordinator.js'
import { committedRecords } from './invariants.js'
import {
  APPLICATION,
  INPUT,
  type InputRecord,
  KEYS,
  type ModelApplication,
  partitionOf,
} from './model-application.js'
import type { SimulatedKafka } from './simulated-kafka.js'

const BOUND = 200
const WINDOW = 500
const PAGES = 3
const MILLIS_PER_RECORD = 40

const VISITS = 'visits'
const LATE_VISITS = 'late-visits'
const TOTALS = 'totals'
const LATE_TOTALS = 'late-totals'

/** By page, and of those over all pages: each behind a repartition, in windows that close once. */
function windowsTopology() {
  const builder = new StreamsBuilder()
  const serdes = { key: string(), value: string() }
  const visits = builder
    .stream(INPUT, { ...serdes, watermark: Watermarks.boundedOutOfOrderness(BOUND) })
    .selectKey((_, id) => `page${Number(id) % PAGES}`)
    .repartition({ ...serdes, name: 'by-page', partitions: 2 })
    .groupByKey()
    .windowedBy(TumblingWindows.of(WINDOW))
    .emitStrategy('onWindowClose')
    .aggregate(
      () => '',
      (_, id, ids) => (ids === '' ? id : `${ids},${id}`),
      { store: 'visits', value: string(), late: (late) => late.to(LATE_VISITS) },
    )
    .toStream(({ key, window }) => `${window.start} ${key}`)
  visits.to(VISITS, serdes)
  visits
    .selectKey(() => 'all')
    .repartition({ ...serdes, name: 'all', partitions: 1 })
    .groupByKey()
    .windowedBy(TumblingWindows.of(WINDOW))
    .emitStrategy('onWindowClose')
    .aggregate(
      () => '',
      (_, ids, all) => (all === '' ? ids : `${all},${ids}`),
      { store: 'totals', value: string(), late: (late) => late.to(LATE_TOTALS) },
    )
    .toStream(({ window }) => String(window.start))
    .to(TOTALS, serdes)
  return builder.build()
}

const topology = windowsTopology()
const names = new TopicNames(APPLICATION, topology.subTopologies)

interface Sent {
  readonly timestamp: number
  /** How far event time can have come at most when the record is met. */
  readonly reach: number
}

const idsIn = (value: Buffer): number[] => String(value).split(',').map(Number)
const startOf = (timestamp: number): number => timestamp - (timestamp % WINDOW)

/**
 * Windows whose time comes from watermarks, behind two repartition topics. Each record is in the one result of its window,
 * or late, where the watermark of its partition can have come so far; and no task is ahead of what all tasks before it have
 * told in transactions that are committed.
 */
export class WindowsApplication implements ModelApplication {
  readonly topology = topology
  readonly outputs = [VISITS, LATE_VISITS, TOTALS, LATE_TOTALS]
  readonly growable = true
  /** Tasks tell their time again and again. */
  readonly rests = false
  private readonly sent: Sent[] = []
  private readonly greatest: number[] = []

  /** @param partitions of the input, at the beginning */
  constructor(private readonly partitions: number) {}

  next(partitions: number): InputRecord {
    const id = this.sent.length
    const partition = partitionOf(id, partitions)
    const timestamp = 10_000 + id * MILLIS_PER_RECORD - delayOf(id)
    // A partition that was added knows nothing of time when others are far.
    const before = partition < this.partitions ? this.greatest[partition] : Math.max(...this.greatest)
    this.sent.push({ timestamp, reach: (before ?? 0) - BOUND })
    this.greatest[partition] = Math.max(this.greatest[partition] ?? 0, timestamp)
    return { key: `key${id % KEYS}`, value: String(id), timestamp, partition }
  }

  /** What a task knows of time is what all tasks have told that write to what it reads. */
  checkOffset(kafka: SimulatedKafka, { topic, partition, offset, metadata }: PartitionOffset): void {
    if (!names.repartitionTopics.includes(topic)) return
    const reader = names.readerOf(topic)
    const known = new OperatorTimes([], [timesIn(metadata, topic)]).committedSources(reader.id, 1)[0]!
    const heard = this.heard(kafka, topic, partition, offset)
    assert.ok(
      known <= heard,
      `${topic}-${partition} has come to ${known} at ${offset}, where ${heard} was told`,
    )
  }

  /** The least of what the tasks have told that were there at the beginning; -1: not all of them have. */
  private heard(kafka: SimulatedKafka, topic: string, partition: number, below: number): number {
    const told = Array.from({ length: topic.includes('by-page') ? this.partitions : 2 }, () => -1)
    for (const { marker, value } of committedRecords(kafka, topic, partition, below)) {
      if (!marker) continue
      for (const { task, eventTime } of decodeMarker(value, 0, value.length).watermarks) {
        if (task < told.length) told[task] = Math.max(told[task]!, eventTime)
      }
    }
    return Math.min(...told)
  }

  async checkDisk(): Promise<void> {}

  ended(kafka: SimulatedKafka): boolean {
    return names.sources.every((topic) =>
      kafka.logs(topic).every((_, partition) => {
        const { metadata = null } = kafka.group.committed.get(`${topic}-${partition}`) ?? {}
        return eventTimeEnded(timesIn(metadata, topic), names.readerOf(topic))
      }),
    )
  }

  assertOutput(kafka: SimulatedKafka): void {
    const late = this.lateRecords(kafka)
    const windows = this.results(kafka, VISITS)
    const found = [...windows.values()].flat()
    const all = [...late, ...found].sort((a, b) => a - b)
    assert.deepEqual(
      all,
      this.sent.map((_, id) => id),
      'each record is in one result, or late',
    )
    for (const [window, ids] of windows) {
      for (const id of ids) {
        assert.equal(`${startOf(this.sent[id]!.timestamp)} page${id % PAGES}`, window, `window of ${id}`)
      }
    }
    assert.deepEqual(valuesOf(kafka, LATE_TOTALS), [], 'what windows hand on is not late')
    const totals = this.results(kafka, TOTALS)
    const totalled = [...totals.values()].flat().sort((a, b) => a - b)
    assert.deepEqual(
      totalled,
      found.sort((a, b) => a - b),
      'the totals are those of the windows',
    )
    for (const [start, ids] of totals) {
      for (const id of ids) assert.equal(String(startOf(this.sent[id]!.timestamp)), start, `total of ${id}`)
    }
  }

  private lateRecords(kafka: SimulatedKafka): number[] {
    const late = valuesOf(kafka, LATE_VISITS).map(Number)
    for (const id of late) {
      const { timestamp, reach } = this.sent[id]!
      const end = startOf(timestamp) + WINDOW
      assert.ok(
        end <= reach,
        `${id} is late, though event time was ${reach} at most, and its window ends at ${end}`,
      )
    }
    return late
  }

  /** The ids in the results by window, each of which has one. */
  private results(kafka: SimulatedKafka, topic: string): Map<string, number[]> {
    const windows = new Map<string, number[]>()
    for (const { key, value } of recordsOf(kafka, topic)) {
      assert.ok(!windows.has(key), `${topic} has one result of ${key}`)
      windows.set(key, idsIn(value))
    }
    return windows
  }
}

/** Some records are out of order, and some later than the watermark waits for. */
function delayOf(id: number): number {
  if (id % 11 === 5) return 1_100
  return id % 7 === 3 ? 190 : 0
}

const timesIn = (metadata: string | null, where: string): string =>
  decodeCommitMetadata(metadata, topology.fingerprint, where).operatorTimes

const recordsOf = (kafka: SimulatedKafka, topic: string) =>
  kafka.logs(topic).flatMap((_, partition) => [...committedRecords(kafka, topic, partition)])

const valuesOf = (kafka: SimulatedKafka, topic: string): string[] =>
  recordsOf(kafka, topic).map(({ value }) => String(value))
