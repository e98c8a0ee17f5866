import assert from 'node:assert/strict'
import {
  type KStream,
  SessionWindows,
  StreamsBuilder,
  string,
  Triggers,
  TumblingWindows,
  Watermarks,
  type Windowed,
} from '../../src/index.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { END_OF_TIME } from '../../src/time/input-watermark.js'
import { assertReplayOfChangelog, committedRecords } from './invariants.js'
import { eventTimeOf, Journal, journalOptions } from './journal.js'
import { INPUT } from './model-application.js'
import type { SimulatedKafka } from './simulated-kafka.js'
import { SpecifiedJournal } from './specified-journal.js'
import { BOUND, SHUFFLE_PARTITIONS, WatermarkedApplication } from './watermarked-application.js'

const PAGES = 4
const JOURNAL = 'journal'

const together = (one: string, other: string): string => `${one} ${other}`

/** Windows that triggers fire by page, and timers that their results and the records set: all in one journal a task. */
function timersTopology() {
  const builder = new StreamsBuilder()
  const serdes = { key: string(), value: string() }
  const clicks = builder
    .stream(INPUT, { ...serdes, watermark: Watermarks.boundedOutOfOrderness(BOUND) })
    .selectKey((_, id) => `page${Number(id) % PAGES}`)
    .repartition({ ...serdes, name: 'by-page', partitions: SHUFFLE_PARTITIONS })
  let entries: KStream<string, string> | undefined
  const enter = (stream: KStream<string, string>): void => {
    entries = entries?.merge(stream) ?? stream
  }
  const enterResults = (name: string, results: KStream<Windowed<string>, string>): void =>
    enter(results.map(({ key, window }, ids) => [key, `${name} ${window.start}-${window.end} ${ids}`]))
  const enterLate =
    (name: string) =>
    (late: KStream<string, string>): void =>
      enter(late.mapValues((id) => `${id} is late for a ${name}`))
  const { count, continuousEventTime, eventTime, purging } = Triggers
  enterResults(
    'slot',
    clicks
      .groupByKey()
      .windowedBy(TumblingWindows.of(500).grace(300))
      .trigger(purging(eventTime({ early: continuousEventTime(150), late: count(2) })))
      .reduce(together, { late: enterLate('slot') }),
  )
  enterResults(
    'visit',
    clicks
      .groupByKey()
      .windowedBy(SessionWindows.of(130).grace(400))
      .trigger(eventTime({ early: count(3), late: count(2) }))
      .reduce(together, { late: enterLate('visit') }),
  )
  enter(clicks.mapValues((id) => `record ${id}`))
  entries!
    .process(() => new Journal(), journalOptions)
    .to(JOURNAL, { ...serdes, partitioner: (_, partition) => Number(partition) })
  return builder.build()
}

const topology = timersTopology()

/**
 * Triggers and timers of event time, behind a repartition topic. What each task has written down is exactly what is
 * specified of the records that it was to read, once and in order, where event time never goes back and is never ahead of
 * what was told.
 */
export class TimersApplication extends WatermarkedApplication {
  /** @param partitions of the input, at the beginning */
  constructor(partitions: number) {
    super(topology, [JOURNAL], partitions)
  }

  override async checkDisk(kafka: SimulatedKafka, taskId: string, database: StateDatabase): Promise<void> {
    const { stores } = topology.subTopologies.find(({ id }) => taskId.startsWith(`${id}_`))!
    for (const store of stores) {
      const changelog = this.names.changelogOf(store)
      await assertReplayOfChangelog(kafka, store.name, changelog, taskId, database)
    }
  }

  assertOutput(kafka: SimulatedKafka): void {
    const read: number[] = []
    for (let partition = 0; partition < SHUFFLE_PARTITIONS; partition++) {
      read.push(...this.assertJournal(kafka, partition))
    }
    assert.deepEqual(
      read.toSorted((a, b) => a - b),
      this.sent.map((_, id) => id),
      'each record comes to one task, once',
    )
  }

  /** @returns the ids of the records that were to be read */
  private assertJournal(kafka: SimulatedKafka, partition: number): number[] {
    const [shuffle] = this.names.repartitionTopics
    const journal = [...committedRecords(kafka, JOURNAL, partition)].map(({ value }) => String(value))
    const specified = new SpecifiedJournal()
    const told = this.toldTimes(shuffle!)
    const ids: number[] = []
    const toRead = [...committedRecords(kafka, shuffle!, partition)]
    let now = -1
    for (const [at, entry] of journal.entries()) {
      while (toRead[0]?.marker) told.hear(toRead.shift()!)
      const eventTime = eventTimeOf(entry)
      const where = `${at}. of task ${partition}, '${entry}'`
      assert.ok(eventTime < told.least || eventTime < 0, `${where}: ${told.least} was told`)
      assert.ok(eventTime >= now - 1, `${where}: event time was ${now - 1}`)
      if (eventTime >= now) {
        now = eventTime + 1
        specified.advance(now)
      }
      if (!entry.includes(' record ')) continue
      const { key, value, timestamp } = toRead.shift()!
      specified.take(key, String(value), timestamp)
      ids.push(Number(value))
    }
    specified.advance(END_OF_TIME)
    assert.deepEqual(journal, specified.entries, `journal of task ${partition}`)
    return ids
  }
}
