import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  HoppingWindows,
  JoinWindows,
  type KStream,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  Suppressed,
  string,
  type Topology,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import { rowsByStart } from './rows-by-start.js'

const serdes = { key: string(), value: string() }

type Stream = KStream<string, string>
type Build = (stream: Stream, other: Stream, late: (late: Stream) => void) => Stream

const all = (one: string, other: string): string => `${one} ${other}`

/** Everything that event time decides about. */
const OPERATORS: Readonly<Record<string, Build>> = {
  'tumbling windows with allowed lateness': (stream, _, late) =>
    rowsByStart(
      stream
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .emitStrategy('onWindowClose', { allowedLateness: 8 })
        .reduce(all, { late }),
    ),
  'hopping windows with allowed lateness': (stream, _, late) =>
    rowsByStart(
      stream
        .groupByKey()
        .windowedBy(HoppingWindows.of(10).advanceBy(5).grace(2))
        .emitStrategy('onWindowClose', { allowedLateness: 8 })
        .reduce(all, { late }),
    ),
  'sliding windows with allowed lateness': (stream, _, late) =>
    rowsByStart(
      stream
        .groupByKey()
        .windowedBy(SlidingWindows.of(4).grace(1))
        .emitStrategy('onWindowClose', { allowedLateness: 6 })
        .reduce(all, { late }),
    ),
  'sessions with allowed lateness': (stream, _, late) =>
    stream
      .groupByKey()
      .windowedBy(SessionWindows.of(4))
      .emitStrategy('onWindowClose', { allowedLateness: 10 })
      .reduce(all, { late })
      .toStream()
      .map(({ key, window }, value) => [key, `${window.start}-${window.end} ${value}`]),
  'a suppressed table': (stream) =>
    rowsByStart(
      stream
        .groupByKey()
        .windowedBy(TumblingWindows.of(10).grace(3))
        .reduce(all)
        .suppress(Suppressed.untilWindowCloses()),
    ),
  'an outer join': (stream, other, late) =>
    stream.outerJoin(other, (one, two) => `${one}+${two}`, JoinWindows.of(5).grace(2), {
      ...serdes,
      late,
      otherLate: late,
    }),
}

function topologyOf(build: Build, watermarks: boolean): Topology {
  const builder = new StreamsBuilder()
  const watermark = watermarks ? Watermarks.boundedOutOfOrderness(4) : undefined
  const [left, right] = ['left', 'right'].map((topic) => builder.stream(topic, { ...serdes, watermark }))
  const lates: Stream[] = []
  build(left!, right!, (stream) => lates.push(stream)).to('out', serdes)
  for (const stream of lates) stream.to('late', serdes)
  return builder.build()
}

const records = fc.array(fc.tuple(fc.constantFrom('left', 'right'), fc.constantFrom('a', 'b'), fc.nat(50)), {
  minLength: 1,
  maxLength: 30,
})

for (const [name, build] of Object.entries(OPERATORS)) {
  describe(name, () => {
    for (const lost of [false, true]) {
      it(`answer alike where the task begins again at each step${lost ? ', its state lost' : ''}`, async () => {
        const topology = topologyOf(build, true)
        await fc.assert(
          fc.asyncProperty(records, async (input) => {
            using straight = new TopologyTestDriver(topology)
            const restarting = new RestartingDriver(topology, {}, lost)
            const straightInputs = new Map(
              ['left', 'right'].map((topic) => [topic, straight.createInputTopic(topic, serdes)]),
            )
            const restartingInputs = new Map(
              ['left', 'right'].map((topic) => [topic, restarting.createInputTopic(topic, serdes)]),
            )
            for (const [index, [topic, key, timestamp]] of input.entries()) {
              straightInputs.get(topic)!.pipe(key, String(index), { timestamp })
              restartingInputs.get(topic)!.pipe(key, String(index), { timestamp })
              await restarting.settle()
            }
            straight.drain()
            await restarting.endInput()
            for (const topic of ['out', 'late']) {
              const [expected, actual] = [straight, restarting].map((driver) =>
                driver
                  .createOutputTopic(topic, serdes)
                  .readAll()
                  .map(({ key, value, timestamp }) => `${key} ${value} @${timestamp}`),
              )
              assert.deepEqual(actual, expected)
            }
          }),
          { numRuns: 15 },
        )
      })
    }
  })
}
