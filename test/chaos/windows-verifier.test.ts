import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { temporaryData } from '../support/temporary-data.js'
import { type TextRecord, TopicClient } from '../support/topic-client.js'
import { PARTITIONS } from './application.js'
import { verify } from './chaos-verifier.js'
import { assertFaultless } from './faultless.js'
import { type Events, eventsBetween, inParts, lose, processed } from './processed-events.js'
import { windows } from './windows/windows.js'
import {
  type Action,
  CLICKS,
  LATE_MATCHES,
  LATE_TOTALS,
  LATE_UPDATES,
  LATE_VISITS,
  MATCHES,
  type Match,
  TAPS,
  TOTALS,
  UPDATES,
  VISITS,
  type Visits,
} from './windows/windows-topology.js'

const EVENTS = 12_000
/** So they take half a minute of event time: longer than the latest one is late. */
const MILLIS_PER_EVENT = 2.5
/** Some seconds of event time. All at once, and it would be chance how far time has come when the late ones come. */
const EVENTS_PER_PART = 1_000
const LOST = 10

type Planted = (client: TopicClient, all: ReadonlyMap<string, readonly TextRecord[]>) => Promise<void>

const parsed = <T>({ value }: TextRecord): T => JSON.parse(value!) as T

/** Adds a result that is like one that is there. */
const again =
  (topic: string, which: (records: readonly TextRecord[]) => TextRecord | undefined): Planted =>
  async (client) => {
    const found = which(await client.read(topic))
    assert.ok(found, `there is such a record in ${topic}`)
    await client.write(topic, [found])
  }

/** Adds a record. */
const add =
  (topic: string, record: TextRecord): Planted =>
  (client) =>
    client.write(topic, [record])

/** An event that cannot be late, as if it were. */
const wronglyLate =
  (topic: string, keyOf: (record: TextRecord) => string): Planted =>
  async (client, events) => {
    const event = events.get(TAPS)!.find((record) => parsed<Action>(record).delay === 0)!
    await client.write(topic, [{ ...event, key: keyOf(event) }])
  }

const pageOf = (record: TextRecord): string => `page-${parsed<Action>(record).page}`

/** An update of the last window there is, with an event of it left out: it neither follows nor is it the same. */
const shortened = (records: readonly TextRecord[]): TextRecord | undefined => {
  const record = records.findLast((each) => parsed<Visits>(each).ids.length > 2)!
  const { start, ids } = parsed<Visits>(record)
  return { ...record, value: JSON.stringify({ start, ids: ids.slice(1) }) }
}

const isPair = (record: TextRecord): boolean => {
  const { click, tap } = parsed<Match>(record)
  return click !== null && tap !== null
}

/** What is done to the outputs, and what the verifier counts for it. */
const PLANTED: readonly {
  readonly fault: string
  readonly plant: Planted
  readonly duplicated?: number
  readonly reordered?: number
  readonly wrongResults?: number
}[] = [
  { fault: 'a window that closes twice', plant: again(VISITS, (all) => all[0]), duplicated: 1 },
  { fault: 'a late event that comes twice', plant: again(LATE_VISITS, (all) => all[0]), duplicated: 1 },
  // It is counted in its window, too.
  {
    fault: 'an event that cannot be late',
    plant: wronglyLate(LATE_VISITS, pageOf),
    duplicated: 1,
    wrongResults: 1,
  },
  { fault: 'an update that is the same', plant: again(UPDATES, (all) => all.at(-1)), duplicated: 1 },
  { fault: 'an update that has less', plant: again(UPDATES, shortened), wrongResults: 1 },
  {
    fault: 'an event that cannot be too late for an update',
    plant: wronglyLate(LATE_UPDATES, pageOf),
    duplicated: 1,
    wrongResults: 1,
  },
  {
    fault: 'a total of a window that nothing was in, behind others',
    plant: add(TOTALS, { key: 'site-1', value: '{"start":2000,"count":1}', timestamp: 2_000 }),
    reordered: 1,
    wrongResults: 1,
  },
  {
    fault: 'a result that is late where nothing can be',
    plant: add(LATE_TOTALS, { key: 'site-1', value: '{"start":2000,"ids":[1]}', timestamp: 2_000 }),
    wrongResults: 1,
  },
  { fault: 'a pair that meets twice', plant: again(MATCHES, (all) => all.find(isPair)), duplicated: 1 },
  {
    fault: 'what comes alone and meets another',
    plant: again(MATCHES, (all) => {
      const pair = all.findLast(isPair)!
      const { click } = parsed<Match>(pair)
      return { ...pair, value: JSON.stringify({ click, tap: null }) }
    }),
    wrongResults: 1,
  },
  {
    fault: 'a late event of the join that comes twice',
    plant: again(LATE_MATCHES, (all) => all[0]),
    duplicated: 1,
  },
]

test('the verifier of windows finds what is lost, comes again, is out of order, late without reason', async (t) => {
  const directory = await temporaryData(t)
  await using broker = await KafkaBroker.start({ dataDir: join(directory, 'kafka') })
  await using client = new TopicClient(broker.brokers)
  for (const topic of [...windows.inputs, ...windows.outputs]) await client.create(topic, PARTITIONS)
  const part = (from: number): Events => {
    const events = eventsBetween(windows, from, from + EVENTS_PER_PART, MILLIS_PER_EVENT)
    // Those of the input that may be idle first: it is waited for again when the others come.
    return new Map([TAPS, CLICKS].map((topic) => [topic, events.get(topic)!]))
  }
  const stores = await processed(
    windows,
    client,
    join(directory, 'state'),
    inParts(EVENTS, EVENTS_PER_PART, part),
  )

  assertFaultless(await verify(windows, broker.brokers, stores, directory), EVENTS)
  for (const topic of [LATE_VISITS, LATE_UPDATES, LATE_MATCHES]) {
    assert.ok((await client.read(topic)).length > 10, `there is something in ${topic}`)
  }

  await lose(client, MATCHES, LOST)
  const events = eventsBetween(windows, 0, EVENTS, MILLIS_PER_EVENT)
  for (const { plant } of PLANTED) await plant(client, events)
  const found = await verify(windows, broker.brokers, stores, directory)
  const { lost, duplicated, reordered, wrongResults, differences } = found
  const planted = (kind: 'duplicated' | 'reordered' | 'wrongResults'): number =>
    PLANTED.reduce((sum, each) => sum + (each[kind] ?? 0), 0)
  assert.deepEqual(
    { lost, duplicated, reordered, wrongResults },
    {
      lost: LOST,
      duplicated: planted('duplicated'),
      reordered: planted('reordered'),
      wrongResults: planted('wrongResults'),
    },
    differences.join('\n'),
  )
})
