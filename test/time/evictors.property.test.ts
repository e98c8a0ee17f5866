import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type Evictor,
  Evictors,
  GlobalWindows,
  HoppingWindows,
  type KStream,
  SessionWindows,
  StreamsBuilder,
  string,
  type Topology,
  Triggers,
  TumblingWindows,
  type Windowed,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'

const texts = { key: string(), value: string() }

type Grouped = ReturnType<KStream<string, string>['groupByKey']>
type Results = KStream<Windowed<string>, string, 'key'>

const joined = (_key: string, values: readonly string[]): string => values.join(' ')
const far = (value: string, last: string): number => Math.abs(Number(value) - Number(last))

function topologyOf(windows: (grouped: Grouped) => Results): Topology {
  const builder = new StreamsBuilder()
  windows(builder.stream('in', texts).groupByKey())
    .map(({ key }, value) => [key, value])
    .to('out', texts)
  return builder.build()
}

const lines = (driver: Pick<TopologyTestDriver, 'createOutputTopic'>): string[] =>
  driver
    .createOutputTopic('out', texts)
    .readAll()
    .map(({ key, value, timestamp }) => `${key} ${value} @${timestamp}`)

const inputs = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), timestamp: fc.nat(40) }), {
  minLength: 1,
  maxLength: 30,
})

type Records = readonly { readonly key: string; readonly timestamp: number }[]

/** Pipes records, whose values are their numbers. */
function pipe(driver: TopologyTestDriver, records: Records): void {
  const input = driver.createInputTopic('in', texts)
  for (const [index, { key, timestamp }] of records.entries()) input.pipe(key, String(index), { timestamp })
}

interface Kept {
  readonly value: string
  readonly timestamp: number
}

/** What stays of a list, in the plainest way. */
const RULES: Readonly<Record<string, readonly [Evictor<string>, Evictor<string>, (list: Kept[]) => Kept[]]>> =
  {
    count: [
      Evictors.count(3),
      Evictors.count(3, { after: true }),
      (list) => list.slice(Math.max(0, list.length - 3)),
    ],
    time: [
      Evictors.time(8),
      Evictors.time(8, { after: true }),
      (list) => list.filter(({ timestamp }) => !list.some((other) => other.timestamp - timestamp >= 8)),
    ],
    delta: [
      Evictors.delta(4, far),
      Evictors.delta(4, far, { after: true }),
      (list) => list.filter(({ value }) => far(value, list[list.length - 1]!.value) < 4),
    ],
  }

/** A global window whose trigger fires at every two records. */
function model(
  records: Records,
  rule: (list: Kept[]) => Kept[],
  { after, purging }: { readonly after: boolean; readonly purging: boolean },
): string[] {
  const windows = new Map<string, { kept: Kept[]; seen: number; latest: number }>()
  const results: string[] = []
  for (const [index, { key, timestamp }] of records.entries()) {
    const window = windows.get(key) ?? { kept: [], seen: 0, latest: -1 }
    windows.set(key, window)
    window.kept.push({ value: String(index), timestamp })
    window.seen += 1
    window.latest = Math.max(window.latest, timestamp)
    if (window.seen % 2 !== 0) continue
    const stay = rule(window.kept)
    const shown = (after ? window.kept : stay).map(({ value }) => value).join(' ')
    results.push(`${key} ${shown} @${window.latest}`)
    window.kept = purging ? [] : stay
  }
  return results
}

for (const [name, [before, behind, rule]] of Object.entries(RULES)) {
  describe(`a global window with an evictor by ${name}`, () => {
    for (const after of [false, true]) {
      for (const purging of [false, true]) {
        const how = `${after ? 'after' : 'before'} the function${purging ? ', purged' : ''}`
        it(`hands on what a list of its elements would, ${how}`, () => {
          const trigger = purging ? Triggers.purging(Triggers.count(2)) : Triggers.count(2)
          const topology = topologyOf((grouped) =>
            grouped
              .windowedBy(GlobalWindows.of())
              .trigger(trigger)
              .evict(after ? behind : before)
              .apply(joined),
          )
          fc.assert(
            fc.property(inputs, (records) => {
              using driver = new TopologyTestDriver(topology)
              pipe(driver, records)
              assert.deepEqual(lines(driver), model(records, rule, { after, purging }))
            }),
            { numRuns: 50 },
          )
        })
      }
    }
  })
}

const WINDOWS: Readonly<Record<string, (grouped: Grouped) => Results>> = {
  'tumbling windows': (grouped) =>
    grouped
      .windowedBy(TumblingWindows.of(10).grace(15))
      .trigger(Triggers.eventTime({ early: Triggers.count(2) }))
      .evict(Evictors.time(4))
      .apply(joined),
  'hopping windows': (grouped) =>
    grouped
      .windowedBy(HoppingWindows.of(10).advanceBy(4).grace(15))
      .trigger(Triggers.continuousEventTime(3))
      .evict(Evictors.count(2, { after: true }))
      .apply(joined),
  sessions: (grouped) =>
    grouped
      .windowedBy(SessionWindows.of(4).grace(15))
      .trigger(Triggers.eventTime({ early: Triggers.count(3) }))
      .evict(Evictors.count(4))
      .apply(joined),
}

for (const [name, windows] of Object.entries(WINDOWS)) {
  describe(`${name} that keep their elements`, () => {
    for (const lost of [false, true]) {
      it(`answer alike where the task begins again at each step${lost ? ', its state lost' : ''}`, async () => {
        const topology = topologyOf(windows)
        await fc.assert(
          fc.asyncProperty(inputs, async (records) => {
            using straight = new TopologyTestDriver(topology)
            const restarting = new RestartingDriver(topology, {}, lost)
            const [one, other] = [straight, restarting].map((driver) => driver.createInputTopic('in', texts))
            for (const [index, { key, timestamp }] of records.entries()) {
              one!.pipe(key, String(index), { timestamp })
              other!.pipe(key, String(index), { timestamp })
              await restarting.settle()
            }
            assert.deepEqual(lines(restarting), lines(straight))
          }),
          { numRuns: 20 },
        )
      })
    }

    it('have the elements of a window in the order in which they came', () => {
      const topology = topologyOf(windows)
      fc.assert(
        fc.property(inputs, (records) => {
          using driver = new TopologyTestDriver(topology)
          pipe(driver, records)
          for (const { value } of driver.createOutputTopic('out', texts).readAll()) {
            const numbers = value!.split(' ').map(Number)
            assert.deepEqual(
              numbers,
              numbers.toSorted((left, right) => left - right),
            )
          }
        }),
        { numRuns: 50 },
      )
    })
  })
}
