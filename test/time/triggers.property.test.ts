import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  GlobalWindows,
  HoppingWindows,
  type KStream,
  SessionWindows,
  StreamsBuilder,
  string,
  type Topology,
  Triggers,
  TumblingWindows,
  Watermarks,
  type Windowed,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'

const texts = { key: string(), value: string() }
const together = (one: string, other: string): string => `${one} ${other}`

type Grouped = ReturnType<KStream<string, string>['groupByKey']>
type Results = KStream<Windowed<string>, string>
type Late = (late: KStream<string, string>) => void

const around = () =>
  Triggers.eventTime({ early: Triggers.count(2), late: Triggers.continuousProcessingTime(3) })
const tumbling = TumblingWindows.of(10).grace(5)
const hopping = HoppingWindows.of(10).advanceBy(4).grace(5)
const sessions = SessionWindows.of(4).grace(5)

const WINDOWS: Readonly<Record<string, (grouped: Grouped, late: Late) => Results>> = {
  'tumbling windows around their end': (grouped, late) =>
    grouped.windowedBy(tumbling).trigger(around()).reduce(together, { late }),
  'hopping windows by event time': (grouped, late) =>
    grouped.windowedBy(hopping).trigger(Triggers.continuousEventTime(3)).reduce(together, { late }),
  'sessions around their end': (grouped, late) =>
    grouped.windowedBy(sessions).trigger(around()).reduce(together, { late }),
  'sessions by event time': (grouped, late) =>
    grouped.windowedBy(sessions).trigger(Triggers.continuousEventTime(3)).reduce(together, { late }),
  'sessions by the clock': (grouped, late) =>
    grouped.windowedBy(sessions).trigger(Triggers.continuousProcessingTime(3)).reduce(together, { late }),
  'sessions until a timeout': (grouped, late) =>
    grouped
      .windowedBy(sessions)
      .trigger(Triggers.purging(Triggers.processingTimeout(Triggers.count(3), 4)))
      .reduce(together, { late }),
  'a global window by count': (grouped) =>
    grouped
      .windowedBy(GlobalWindows.of())
      .trigger(Triggers.purging(Triggers.count(3)))
      .reduce(together),
}

/** Windows that a record is in once, and that hand on what has come since at their end at the latest. */
const ONCE: Readonly<Record<string, (grouped: Grouped, late: Late) => Results>> = {
  'tumbling windows': (grouped, late) =>
    grouped
      .windowedBy(tumbling)
      .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.count(2) })))
      .reduce(together, { late }),
  sessions: (grouped, late) =>
    grouped
      .windowedBy(sessions)
      .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.continuousEventTime(3) })))
      .reduce(together, { late }),
}

function topologyOf(windows: (grouped: Grouped, late: Late) => Results, watermarks = true): Topology {
  const builder = new StreamsBuilder()
  const watermark = watermarks ? Watermarks.boundedOutOfOrderness(4) : undefined
  const late: Late = (records) => records.to('late', texts)
  windows(builder.stream('in', { ...texts, watermark }).groupByKey(), late)
    .map(({ key, window }, value) => [key, `${window.start}-${window.end} ${value}`])
    .to('out', texts)
  return builder.build()
}

const inputs = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b'), timestamp: fc.nat(50), wait: fc.nat(3) }),
  { minLength: 1, maxLength: 30 },
)

const read = (driver: Pick<TopologyTestDriver, 'createOutputTopic'>, topic: string) =>
  driver.createOutputTopic(topic, texts).readAll()

const lines = (driver: Pick<TopologyTestDriver, 'createOutputTopic'>): string[] =>
  ['out', 'late'].flatMap((topic) =>
    read(driver, topic).map(({ key, value, timestamp }) => `${topic} ${key} ${value} @${timestamp}`),
  )

for (const [name, windows] of Object.entries(WINDOWS)) {
  describe(name, () => {
    for (const watermarks of [false, true]) {
      for (const lost of [false, true]) {
        const how = `${watermarks ? 'with watermarks' : 'in stream time'}${lost ? ', its state lost' : ''}`
        it(`answer alike where the task begins again at each step ${how}`, async () => {
          const topology = topologyOf(windows, watermarks)
          await fc.assert(
            fc.asyncProperty(inputs, async (given) => {
              using straight = new TopologyTestDriver(topology)
              const restarting = new RestartingDriver(topology, {}, lost)
              const [one, other] = [straight, restarting].map((driver) =>
                driver.createInputTopic('in', texts),
              )
              for (const [index, { key, timestamp, wait }] of given.entries()) {
                one!.pipe(key, String(index), { timestamp })
                other!.pipe(key, String(index), { timestamp })
                await restarting.settle()
                straight.advanceWallClock(wait)
                restarting.advanceWallClock(wait)
                await restarting.settle()
              }
              straight.drain()
              await restarting.endInput()
              assert.deepEqual(lines(restarting), lines(straight))
            }),
            { numRuns: 10 },
          )
        })
      }
    }
  })
}

for (const [name, windows] of Object.entries(ONCE)) {
  describe(`${name} that are purged when they fire`, () => {
    it('hand on each record in one result, or as a late one, in none that is of other times', () => {
      const topology = topologyOf(windows)
      fc.assert(
        fc.property(inputs, (given) => {
          using driver = new TopologyTestDriver(topology)
          const input = driver.createInputTopic('in', texts)
          for (const [index, { key, timestamp }] of given.entries()) {
            input.pipe(key, String(index), { timestamp })
          }
          driver.drain()
          const seen = read(driver, 'late').map(({ value }) => value!)
          for (const { value, key } of read(driver, 'out')) {
            const [window, ...indexes] = value!.split(' ')
            const [start, end] = window!.split('-').map(Number)
            for (const index of indexes) {
              const { timestamp, key: of } = given[Number(index)]!
              assert.equal(of, key)
              assert.ok(start! <= timestamp && timestamp <= end!)
            }
            seen.push(...indexes)
          }
          assert.deepEqual(
            seen.map(Number).sort((left, right) => left - right),
            given.map((_, index) => index),
          )
        }),
        { numRuns: 100 },
      )
    })
  })
}
