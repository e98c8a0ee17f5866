import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  Aggregators,
  InvalidAggregatorError,
  int64,
  json,
  type Serde,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  string,
  type TableAggregator,
  TumblingWindows,
} from '../../src/index.js'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { sessionWindowed } from '../../src/serdes/session-windowed.js'
import { windowed } from '../../src/serdes/windowed.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'

interface Item {
  readonly id: string
  readonly score: number
}

const items = fc.array(
  fc.record<Item>(
    { id: fc.string({ maxLength: 2 }), score: fc.integer({ min: 0, max: 5 }) },
    { noNullPrototype: true },
  ),
  { maxLength: 20 },
)
const ns = fc.integer({ min: 1, max: 6 })
const topN = (n: number) => Aggregators.topN<Item>({ n, by: ({ score }) => score, value: json<Item>() })

const bytesOf = (item: Item): Buffer => {
  const target = new ByteWriter()
  json<Item>().serialize(item, target)
  return Buffer.from(target.buffer.subarray(0, target.position))
}

/** The greatest, of equal ones the one with the lesser bytes first. */
const greatest = (all: readonly Item[], n: number): Item[] =>
  [...all].sort((a, b) => b.score - a.score || bytesOf(a).compare(bytesOf(b))).slice(0, n)

const folded = (n: number, all: readonly Item[]): readonly Item[] => {
  const top = topN(n)
  return all.reduce((aggregate, item) => top.aggregator('', item, aggregate), top.initializer()!)
}

describe('the top n', () => {
  it('are the greatest, whatever the order in which they come', () => {
    fc.assert(
      fc.property(items, ns, (all, n) => {
        assert.deepEqual(folded(n, all), greatest(all, n))
        assert.deepEqual(folded(n, all.toReversed()), greatest(all, n))
      }),
    )
  })

  it('of two parts make those of the whole', () => {
    fc.assert(
      fc.property(items, items, ns, (some, others, n) => {
        const merged = topN(n).merger('', folded(n, some), folded(n, others))
        assert.deepEqual(merged, greatest([...some, ...others], n))
      }),
    )
  })

  it('follow rows that go, those make room for others', () => {
    fc.assert(
      fc.property(items, fc.array(fc.nat({ max: 100 })), ns, (all, removals, n) => {
        const { retracting } = topN(n) as TableAggregator<Item, readonly Item[]>
        let kept = all.reduce<unknown>((before, item) => retracting.adder('', item, before), undefined)
        const left = [...all]
        for (const draw of removals) {
          if (left.length === 0) break
          const [gone] = left.splice(draw % left.length, 1)
          kept = retracting.subtractor('', gone!, kept)
        }
        if (left.length === 0) assert.equal(kept ?? null, null)
        else assert.deepEqual(retracting.result(kept), greatest(left, n))
      }),
    )
  })

  it('may be compared by a function, and what is no number is the least', () => {
    const last = Aggregators.topN<number>({ n: 2, compare: (a, b) => b - a, value: int64() })
    assert.deepEqual(
      [3, 1, 2].reduce<readonly number[]>((top, each) => last.aggregator('', each, top), []),
      [1, 2],
    )
    const byScore = topN(2)
    const scores = [Number.NaN, -1, 1].map((score) => ({ id: '', score }))
    const top = scores.reduce<readonly Item[]>((before, each) => byScore.aggregator('', each, before), [])
    assert.deepEqual(
      top.map(({ score }) => score),
      [1, -1],
    )
  })

  it('are some', () => {
    for (const n of [0, 1.5, Number.NaN]) {
      assert.throws(
        () => topN(n),
        (error: Error) =>
          error instanceof InvalidAggregatorError && /topN: n: .* integer from 1/.test(error.message),
      )
    }
  })
})

const inputs = { key: string(), value: json<Item>() }
const lists = json<readonly Item[]>()
const RECORDS = [
  ['a', { id: 'x', score: 3 }, 0],
  ['a', { id: 'y', score: 5 }, 5],
  ['a', { id: 'z', score: 4 }, 12],
  ['a', null, 13],
  ['a', { id: 'w', score: 9 }, 30],
  ['a', { id: 'v', score: 1 }, 21],
] as const

describe('an aggregator', () => {
  const grouped = (builder: StreamsBuilder) => builder.stream<string, Item | null>('in', inputs).groupByKey()

  const last = <K>(builder: StreamsBuilder, key: Serde<K>) => {
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic<string, Item | null>('in', inputs as never)
    for (const [id, value, timestamp] of RECORDS) input.pipe(id, value, { timestamp })
    const rows = new Map<string, string | undefined>()
    for (const [row, list] of driver.createOutputTopic('out', { key, value: lists }).readKeyValues()) {
      rows.set(JSON.stringify(row), (list as Item[] | null)?.map(({ id }) => id).join(''))
    }
    return [...rows.values()]
  }

  it('aggregates grouped streams, without windows and with windows of each kind', () => {
    const topologies = {
      none: () => {
        const builder = new StreamsBuilder()
        grouped(builder).aggregate(topN(2)).toStream().to('out', { value: lists })
        return last(builder, string())
      },
      tumbling: () => {
        const builder = new StreamsBuilder()
        const windows = TumblingWindows.of(20).grace(20)
        grouped(builder).windowedBy(windows).aggregate(topN(2)).toStream().to('out', { value: lists })
        return last(builder, windowed(string(), { size: 20 }))
      },
      sliding: () => {
        const builder = new StreamsBuilder()
        const windows = SlidingWindows.of(8).grace(20)
        grouped(builder).windowedBy(windows).aggregate(topN(1)).toStream().to('out', { value: lists })
        return last(builder, windowed(string(), { size: 8 }))
      },
      session: () => {
        const builder = new StreamsBuilder()
        const windows = SessionWindows.of(10).grace(20)
        grouped(builder).windowedBy(windows).aggregate(topN(3)).toStream().to('out', { value: lists })
        return last(builder, sessionWindowed(string()))
      },
    }
    assert.deepEqual(topologies.none(), ['wy'])
    assert.deepEqual(topologies.tumbling(), ['yz', 'wv'])
    assert.ok(topologies.sliding().includes('y'))
    assert.equal(topologies.session().at(-1), 'wyz')
  })

  it('of a table takes off what goes', () => {
    const builder = new StreamsBuilder()
    builder
      .table<string, Item>('in', inputs)
      .groupBy((_, item) => [item.id, item], inputs)
      .aggregate(topN(2), { store: 'top', name: 'top' })
      .toStream()
      .to('out', { value: lists })
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic<string, Item | null>('in', inputs as never)
    const output = driver.createOutputTopic('out', { key: string(), value: lists })
    const scores = () => output.readKeyValues().map(([, list]) => list?.map(({ score }) => score) ?? null)
    for (const [row, score] of [
      ['1', 5],
      ['2', 7],
      ['3', 6],
    ] as const)
      input.pipe(row, { id: 'g', score })
    assert.deepEqual(scores(), [[5], [7, 5], [7, 6]])
    input.pipe('2', null)
    assert.deepEqual(scores(), [[6, 5]])
    input.pipe('3', { id: 'g', score: 1 })
    assert.deepEqual(scores().at(-1), [5, 1])
    input.pipe('1', null)
    input.pipe('3', null)
    assert.deepEqual(scores(), [[1], null])
  })
})

describe('the latest by', () => {
  const latest = Aggregators.latestBy<Item>({ by: ({ score }) => score, value: json<Item>() })

  it('is the greatest, of several the one that came last, and of two parts that of the whole', () => {
    const of = (all: readonly Item[]) =>
      all.reduce<Item | undefined>(
        (before, item) => latest.aggregator('', item, before),
        latest.initializer(),
      )
    fc.assert(
      fc.property(items, items, (some, others) => {
        const all = [...some, ...others]
        const most = Math.max(...all.map(({ score }) => score))
        const expected = all.findLast(({ score }) => score === most)
        assert.equal(of(all), expected)
        const part = of(others)
        assert.equal(part === undefined ? of(some) : latest.merger('', of(some), part), expected)
      }),
    )
  })

  it('makes sessions of one', () => {
    const builder = new StreamsBuilder()
    builder
      .stream<string, Item>('in', inputs)
      .groupByKey()
      .windowedBy(SessionWindows.of(10).grace(100))
      .aggregate(latest, { store: 'latest' })
      .toStream(({ key }) => key)
      .to('out', { key: string(), value: json<Item | null>() as never })
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', inputs)
    input.pipe('a', { id: 'x', score: 1 }, { timestamp: 0 })
    input.pipe('a', { id: 'y', score: 3 }, { timestamp: 15 })
    input.pipe('a', { id: 'z', score: 2 }, { timestamp: 8 })
    const out = driver.createOutputTopic('out', inputs).readKeyValues()
    assert.deepEqual(out.at(-1), ['a', { id: 'y', score: 3 }])
  })
})
