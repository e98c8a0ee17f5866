import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  HoppingWindows,
  type KStream,
  SessionWindows,
  StreamsBuilder,
  Suppressed,
  string,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import { CommittingDriver } from '../testing/committing-driver.js'
import { rowsByStart } from './rows-by-start.js'

const serdes = { key: string(), value: string() }

type Stream = KStream<string, string>

const all = (one: string, other: string): string => `${one} ${other}`

/** Operators that keep rows, with others behind them that decide by event time. */
const CHAINS: Readonly<Record<string, (stream: Stream) => Stream>> = {
  'a suppressed table': (stream) =>
    rowsByStart(
      stream
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .reduce(all)
        .suppress(Suppressed.untilWindowCloses()),
    ),
  'suppressed sessions': (stream) =>
    rowsByStart(
      stream
        .groupByKey()
        .windowedBy(SessionWindows.of(4).grace(2))
        .reduce(all)
        .suppress(Suppressed.untilWindowCloses()),
    ),
  'windows of a table': (stream) =>
    rowsByStart(
      stream
        .groupByKey()
        .reduce(all)
        .toStream()
        .groupByKey()
        .windowedBy(HoppingWindows.of(10).advanceBy(5))
        .emitStrategy('onWindowClose')
        .reduce((_, last) => last),
    ),
}

const records = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom('a', 'b'), fc.nat(60)) },
    { weight: 1, arbitrary: fc.constant('commit' as const) },
  ),
  { maxLength: 40 },
)
type Records = typeof records extends fc.Arbitrary<infer T> ? T : never

function results(build: (stream: Stream) => Stream, input: Records, cacheMaxBytes: number): string[] {
  const builder = new StreamsBuilder()
  const watermark = Watermarks.boundedOutOfOrderness(3)
  build(builder.stream('in', { ...serdes, watermark })).to('out', serdes)
  const driver = new CommittingDriver(builder.build(), cacheMaxBytes)
  const topic = driver.input('in', serdes)
  for (const [index, each] of [...input, ['z', 1000] as const].entries()) {
    if (each === 'commit') driver.commit()
    else topic.pipe(each[0], String(index), { timestamp: each[1] })
  }
  driver.commit()
  return driver.read('out', serdes).map(({ key, value, timestamp }) => `${key} ${value} @${timestamp}`)
}

describe('with watermarks', () => {
  for (const [name, build] of Object.entries(CHAINS)) {
    it(`the record cache makes nothing late, and no result twice: ${name}`, () => {
      let found = 0
      fc.assert(
        fc.property(records, (input) => {
          const plain = results(build, input, 0)
          assert.deepEqual(results(build, input, 1_000_000), plain)
          found += plain.length
        }),
        { numRuns: 60 },
      )
      assert.ok(found > 0)
    })
  }
})
