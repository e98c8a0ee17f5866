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
import { timers } from './timers/timers.js'
import {
  BATCHES,
  type Batch,
  CLICKS,
  type Click,
  LATE_VISITS,
  SILENCES,
  type Silence,
  VISITS,
  type Visits,
} from './timers/timers-topology.js'

const EVENTS = 12_000
/** So they take half a minute of event time: longer than the latest one is late, and users are silent. */
const MILLIS_PER_EVENT = 2.5
/** Some seconds of event time. All at once, and it would be chance how far time has come when the late ones come. */
const EVENTS_PER_PART = 1_000
const LOST = 10

type Records = readonly TextRecord[]

const parsed = <T>({ value }: TextRecord): T => JSON.parse(value!) as T
const changed = <T>(record: TextRecord, change: (value: T) => object): TextRecord => ({
  ...record,
  value: JSON.stringify({ ...parsed<T>(record), ...change(parsed(record)) }),
})
const ofOne = (records: Records): TextRecord =>
  records.find((record) => parsed<Visits>(record).ids.length === 1)!

/** What is added to an output, made of what is there, and what the verifier counts for it. */
const PLANTED: readonly {
  readonly fault: string
  readonly to: string
  readonly plant: (records: Records, clicks: Records) => TextRecord
  readonly duplicated?: number
  readonly wrongResults?: number
}[] = [
  { fault: 'a timer that fires twice', to: SILENCES, plant: (all) => all.at(-1)!, duplicated: 1 },
  {
    fault: 'a timer that fires once too often',
    to: SILENCES,
    plant: (all) => changed<Silence>(all.at(-1)!, () => ({ told: 3 })),
    wrongResults: 1,
  },
  {
    fault: 'a timer that fires at another time',
    to: SILENCES,
    plant: (all) => ({ ...all.at(-1)!, timestamp: all.at(-1)!.timestamp + 1 }),
    wrongResults: 1,
  },
  { fault: 'a batch that comes twice', to: BATCHES, plant: (all) => all.at(-1)!, duplicated: 1 },
  {
    fault: 'a batch that has less',
    to: BATCHES,
    plant: (all) =>
      changed<Batch>(all.findLast((record) => parsed<Batch>(record).ids.length > 1)!, ({ ids }) => ({
        ids: ids.slice(1),
      })),
    wrongResults: 1,
  },
  { fault: 'a result that comes twice', to: VISITS, plant: (all) => all.at(-1)!, duplicated: 1 },
  {
    fault: 'a result of another window',
    to: VISITS,
    plant: (all) => changed<Visits>(all.at(-1)!, ({ start }) => ({ start: start - 2_000 })),
    wrongResults: 1,
  },
  { fault: 'a late click that comes twice', to: LATE_VISITS, plant: (all) => all[0]!, duplicated: 1 },
  // It is in a result, too.
  {
    fault: 'a click that cannot be late',
    to: LATE_VISITS,
    plant: (_, clicks) => {
      const click = clicks.find((record) => parsed<Click>(record).delay === 0)!
      return { ...click, key: `page-${parsed<Click>(click).page}` }
    },
    duplicated: 1,
    wrongResults: 1,
  },
]

test('the verifier of timers finds what is lost, comes again, is out of order or wrong', async (t) => {
  const directory = await temporaryData(t)
  await using broker = await KafkaBroker.start({ dataDir: join(directory, 'kafka') })
  await using client = new TopicClient(broker.brokers)
  for (const topic of [...timers.inputs, ...timers.outputs]) await client.create(topic, PARTITIONS)
  const part = (from: number): Events => eventsBetween(timers, from, from + EVENTS_PER_PART, MILLIS_PER_EVENT)
  const stores = await processed(
    timers,
    client,
    join(directory, 'state'),
    inParts(EVENTS, EVENTS_PER_PART, part),
  )

  assertFaultless(await verify(timers, broker.brokers, stores, directory), EVENTS)
  const visits = await client.read(VISITS)
  assert.ok(ofOne(visits), 'there are results of late clicks')
  assert.ok((await client.read(LATE_VISITS)).length > 10)

  const early = (await client.read(SILENCES)).find(({ partition }) => partition === 0)!
  await lose(client, SILENCES, LOST)
  const clicks = eventsBetween(timers, 0, EVENTS, MILLIS_PER_EVENT).get(CLICKS)!
  for (const { to, plant } of PLANTED) await client.write(to, [plant(await client.read(to), clicks)])
  await client.write(SILENCES, [early])
  const found = await verify(timers, broker.brokers, stores, directory)
  const { lost, duplicated, reordered, wrongResults, differences } = found
  const planted = (kind: 'duplicated' | 'wrongResults'): number =>
    PLANTED.reduce((sum, each) => sum + (each[kind] ?? 0), 0)
  assert.deepEqual(
    { lost, duplicated, reordered, wrongResults },
    {
      lost: LOST - 1,
      duplicated: planted('duplicated'),
      reordered: 1,
      wrongResults: planted('wrongResults'),
    },
    differences.join('\n'),
  )
})
