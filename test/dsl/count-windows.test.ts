import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CountWindows, type KStream, StreamsBuilder, string, type Topology } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'

const serdes = { key: string(), value: string() }
type Stream = KStream<string, string>

function topology(windows: CountWindows, build = joined): Topology {
  const builder = new StreamsBuilder()
  build(builder.stream('in', serdes), windows).to('out')
  return builder.build()
}

const joined = (stream: Stream, windows: CountWindows): Stream =>
  stream
    .groupByKey()
    .windowedBy(windows)
    .aggregate(
      () => '',
      (_, one, all) => all + one,
      { store: 'windows', value: string() },
    )

type Input = readonly (readonly [key: string | null, value: string | null, timestamp: number])[]

function results(windows: CountWindows, input: Input, build = joined): string[] {
  using driver = new TopologyTestDriver(topology(windows, build))
  const topic = driver.createInputTopic('in', serdes)
  for (const [key, value, timestamp] of input) topic.pipe(key, value, { timestamp })
  const out = driver.createOutputTopic('out', serdes)
  return out.readAll().map(({ key, value, timestamp }) => `${key} ${value} @${timestamp}`)
}

const letters = (text: string, key = 'k'): Input =>
  [...text].map((letter, at) => [key, letter, at + 1] as const)

describe('windows by count', () => {
  it('are handed on when they are full, each key for itself', () => {
    const input = [
      ['a', 'p', 1],
      ['b', 'q', 2],
      ['a', 'r', 3],
      ['b', 's', 4],
      ['a', 't', 5],
    ] as const
    assert.deepEqual(results(CountWindows.of(2), input), ['a pr @3', 'b qs @4'])
  })

  it('have the greatest timestamp of their records, which may come in any order', () => {
    const input = [
      ['k', 'a', 50],
      ['k', 'b', 10],
      ['k', 'c', 5],
      ['k', 'd', 4],
    ] as const
    assert.deepEqual(results(CountWindows.of(2), input), ['k ab @50', 'k cd @5'])
  })

  it('end every advance with the last records, fewer at first', () => {
    const windows = CountWindows.of(5).advanceBy(2)
    assert.deepEqual(results(windows, letters('abcdefgh')), [
      'k ab @2',
      'k abcd @4',
      'k bcdef @6',
      'k defgh @8',
    ])
  })

  it('take the first value as it is, where they are reduced', () => {
    const build = (stream: Stream, windows: CountWindows): Stream =>
      stream
        .groupByKey()
        .windowedBy(windows)
        .reduce((all, one) => `${all}+${one}`)
    assert.deepEqual(results(CountWindows.of(3), letters('abcd'), build), ['k a+b+c @3'])
  })

  it('begin anew where the aggregate is null, and have no result where they end so', () => {
    const build = (stream: Stream, windows: CountWindows): Stream =>
      stream
        .groupByKey()
        .windowedBy(windows)
        .aggregate(
          () => '',
          (_, one, all) => (one === '-' ? null : all + one),
          { value: string() },
        )
    assert.deepEqual(results(CountWindows.of(3), letters('a-bcd-'), build), ['k b @3'])
  })

  it('do not count records without key or without value', () => {
    using driver = new TopologyTestDriver(topology(CountWindows.of(2)))
    const topic = driver.createInputTopic('in', serdes)
    topic.pipe(null, 'x')
    topic.pipe('k', 'a')
    topic.pipe('k', null)
    topic.pipe('k', 'b')
    assert.deepEqual(driver.createOutputTopic('out', serdes).readKeyValues(), [['k', 'ab']])
    const drops = [...driver.droppedRecords.keys()].map((id) => id.split(': ')[1])
    assert.deepEqual(drops.sort(), ['null-key', 'null-value'])
  })

  it('go through a repartition topic where the key has changed', () => {
    const build = (stream: Stream, windows: CountWindows): Stream =>
      stream
        .groupBy((_, value) => value[0]!, { key: string(), value: string() })
        .windowedBy(windows)
        .reduce((all, one) => all + one)
    const input = [
      ['x', 'a1', 1],
      ['y', 'a2', 2],
      ['x', 'b1', 3],
    ] as const
    assert.deepEqual(results(CountWindows.of(2), input, build), ['a a1a2 @2'])
  })

  const inputs = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('p', 'q', 'r'), fc.nat(20)), {
    maxLength: 30,
  })
  const anyWindows = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .map(([one, other]) => CountWindows.of(Math.max(one, other)).advanceBy(Math.min(one, other)))

  it('are what the list of the records of a key says', () => {
    fc.assert(
      fc.property(inputs, anyWindows, (input, windows) => {
        const { records, advance } = windows
        const seen = new Map<string, (typeof input)[number][]>()
        const expected: string[] = []
        for (const record of input) {
          const [key] = record
          const all = [...(seen.get(key) ?? []), record]
          seen.set(key, all)
          if (all.length % advance !== 0) continue
          const window = all.slice(-records)
          const latest = Math.max(...window.map(([, , timestamp]) => timestamp))
          expected.push(`${key} ${window.map(([, value]) => value).join('')} @${latest}`)
        }
        assert.deepEqual(results(windows, input), expected)
      }),
    )
  })

  for (const lost of [false, true]) {
    it(`go on after a restart ${lost ? 'without' : 'with'} their state`, () => {
      fc.assert(
        fc.property(inputs, anyWindows, (input, windows) => {
          const driver = new RestartingDriver(topology(windows), {}, lost)
          const topic = driver.createInputTopic('in', serdes)
          for (const [key, value, timestamp] of input) topic.pipe(key, value, { timestamp })
          const out = driver.createOutputTopic('out', serdes).readAll()
          const read = out.map(({ key, value, timestamp }) => `${key} ${value} @${timestamp}`)
          assert.deepEqual(read, results(windows, input))
        }),
        { numRuns: 30 },
      )
    })
  }
})
