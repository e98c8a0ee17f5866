import assert from 'node:assert/strict'
import { StreamsBuilder, string, TumblingWindows, Watermarks } from '../../src/index.js'
import { committedRecords } from './invariants.js'
import { INPUT } from './model-application.js'
import type { SimulatedKafka } from './simulated-kafka.js'
import { BOUND, SHUFFLE_PARTITIONS, WatermarkedApplication } from './watermarked-application.js'

const WINDOW = 500
const PAGES = 3

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
    .repartition({ ...serdes, name: 'by-page', partitions: SHUFFLE_PARTITIONS })
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
const idsIn = (value: Buffer | null): number[] => String(value).split(',').map(Number)
const startOf = (timestamp: number): number => timestamp - (timestamp % WINDOW)

/**
 * Windows whose time comes from watermarks, behind two repartition topics. Each record is in the one result of its window,
 * or late, where the watermark of its partition can have come so far.
 */
export class WindowsApplication extends WatermarkedApplication {
  /** @param partitions of the input, at the beginning */
  constructor(partitions: number) {
    super(topology, [VISITS, LATE_VISITS, TOTALS, LATE_TOTALS], partitions)
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

const recordsOf = (kafka: SimulatedKafka, topic: string) =>
  kafka.logs(topic).flatMap((_, partition) => [...committedRecords(kafka, topic, partition)])

const valuesOf = (kafka: SimulatedKafka, topic: string): string[] =>
  recordsOf(kafka, topic).map(({ value }) => String(value))
