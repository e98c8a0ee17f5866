import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  Aggregators,
  type Countable,
  type DistinctCount,
  HoppingWindows,
  InvalidAggregatorError,
  int32,
  type QuantileSketch,
  type Serde,
  SessionWindows,
  type StreamAggregator,
  StreamsBuilder,
  string,
  TumblingWindows,
} from '../../src/index.js'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'

const bytesOf = <T>(serde: Serde<T>, value: T): Buffer => {
  const target = new ByteWriter()
  serde.serialize(value, target)
  return target.copy()
}

const reread = <T>(serde: Serde<T>, value: T): T => {
  const bytes = bytesOf(serde, value)
  return serde.deserialize(bytes, 0, bytes.length)
}

const folded = <V, A>(by: StreamAggregator<V, A>, values: Iterable<V>, from: A = by.initializer()!): A => {
  let aggregate = from
  for (const value of values) aggregate = by.aggregator('', value, aggregate)
  return aggregate
}

/** Merging, bytes and versions: what any sketch is to do. */
function behavesAsSketch<V, A>(by: StreamAggregator<V, A>, values: fc.Arbitrary<V[]>): void {
  const bytes = (sketch: A) => bytesOf(by.serde, sketch).toString('hex')

  it('merged is that of all, in any order', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const merged = by.merger('', folded(by, some), folded(by, others))
        assert.equal(bytes(merged), bytes(folded(by, [...some, ...others])))
        assert.equal(bytes(merged), bytes(folded(by, [...some, ...others].reverse())))
      }),
    )
  })

  it('goes on from its bytes where it was', () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        const before = folded(by, some)
        assert.equal(bytes(reread(by.serde, before)), bytes(before))
        assert.equal(
          bytes(folded(by, others, reread(by.serde, before))),
          bytes(folded(by, [...some, ...others])),
        )
      }),
    )
  })

  it('is never seen to change, though others are made of it', () => {
    fc.assert(
      fc.property(values, fc.array(fc.nat(), { maxLength: 30 }), (all, visits) => {
        const versions: A[] = [by.initializer()!]
        for (const value of all) versions.push(by.aggregator('', value, versions.at(-1)!))
        for (const visit of visits) {
          const at = visit % versions.length
          assert.equal(bytes(versions[at]!), bytes(folded(by, all.slice(0, at))))
          const branch = folded(by, all.slice(0, 3), versions[at]!)
          assert.equal(bytes(branch), bytes(folded(by, [...all.slice(0, at), ...all.slice(0, 3)])))
        }
      }),
      { numRuns: 30 },
    )
  })
}

describe('a distinct count', () => {
  for (const precision of [4, 8]) {
    describe(`of precision ${precision}`, () => {
      behavesAsSketch(
        Aggregators.distinctCount((item: Countable) => item, { precision }),
        fc.array(fc.oneof(fc.nat({ max: 500 }), fc.string({ maxLength: 2 })), { maxLength: 200 }),
      )
    })
  }

  it('is as near as its standard error says', () => {
    for (const precision of [8, 11]) {
      for (const items of [2 ** precision, 10 * 2 ** precision]) {
        const by = Aggregators.distinctCount((item: string) => item, { precision })
        let [squares, sum] = [0, 0]
        const runs = 40
        for (let run = 0; run < runs; run++) {
          const { count } = folded(
            by,
            Array.from({ length: items }, (_, item) => `${run}-${item}`),
          )
          const error = count / items - 1
          squares += error ** 2
          sum += error
        }
        const { standardError } = by.initializer()!
        assert.ok(Math.sqrt(squares / runs) < 1.35 * standardError, `precision ${precision}, ${items} items`)
        assert.ok(Math.abs(sum / runs) < (3 * standardError) / Math.sqrt(runs), 'it is not biased')
      }
    }
  })

  it('of few items is exact, and tells apart what a Set does', () => {
    const by = Aggregators.distinctCount((item: Countable | null) => item)
    const items = [1, '1', 1n, true, Buffer.from('1'), -0, 0, Number.NaN, Number.NaN, null, '1']
    assert.equal(folded(by, items).count, 7)
    assert.equal(
      folded(
        by,
        Array.from({ length: 3000 }, (_, item) => item),
      ).count,
      3000,
    )
  })

  it('takes 12 KiB of many items, and counts no objects', () => {
    const by = Aggregators.distinctCount((item: number) => item)
    const many = folded(
      by,
      Array.from({ length: 10_000 }, (_, item) => item),
    )
    assert.equal(bytesOf(by.serde, many).length, 3 + 12 * 1024)
    assert.throws(() => by.aggregator('', {} as number, many), InvalidAggregatorError)
  })

  it('has a precision, with which others merge', () => {
    assert.throws(() => Aggregators.distinctCount(() => 1, { precision: 3 }), InvalidAggregatorError)
    const [one, other] = [4, 5].map((precision) =>
      Aggregators.distinctCount(() => 1, { precision }).initializer(),
    )
    assert.throws(() => one!.merge(other as DistinctCount), InvalidAggregatorError)
  })
})

const numbers = fc.array(
  fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -100, max: 100 })),
  { maxLength: 150 },
)

describe('a sketch of quantiles', () => {
  behavesAsSketch(
    Aggregators.quantiles((value: number) => value),
    numbers,
  )
  describe('with few bins', () => {
    behavesAsSketch(
      Aggregators.quantiles((value: number) => value, { maxBins: 16 }),
      numbers,
    )
  })

  it('is off by its relative accuracy at most, at any quantile', () => {
    fc.assert(
      fc.property(
        numbers.filter(({ length }) => length > 0),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.001, 0.01, 0.2),
        (values, q, relativeAccuracy) => {
          const sketch = folded(
            Aggregators.quantiles((value: number) => value, { relativeAccuracy }),
            values,
          )
          const exact = values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!
          const off = Math.abs(sketch.quantile(q) - exact)
          assert.ok(off <= (relativeAccuracy + 1e-9) * Math.abs(exact) + 2 ** -1022)
        },
      ),
    )
  })

  it('has counts, least and greatest exactly, and none of nothing', () => {
    const by = Aggregators.quantiles((value: number | null) => value)
    const sketch = folded(by, [3, null, -7, 5.5])
    assert.deepEqual([sketch.count, sketch.min, sketch.max], [3, -7, 5.5])
    assert.deepEqual([sketch.quantile(0), sketch.quantile(1)], [-7, 5.5])
    assert.equal(by.initializer()!.quantile(0.5), Number.NaN)
  })

  it('takes quantiles from 0 to 1, finite numbers, and its own accuracy', () => {
    const by = Aggregators.quantiles((value: number) => value)
    const refused = [
      () => by.initializer()!.quantile(95),
      () => folded(by, [Number.NaN]),
      () => Aggregators.quantiles(() => 1, { relativeAccuracy: 0 }),
      () => Aggregators.quantiles(() => 1, { maxBins: 1 }),
      () =>
        by
          .initializer()!
          .merge(Aggregators.quantiles(() => 1, { maxBins: 32 }).initializer() as QuantileSketch),
    ]
    for (const call of refused) assert.throws(call, InvalidAggregatorError)
  })
})

describe('sketches in windows', () => {
  const RECORDS = [10, 20, 10, 30, 40] as const
  const TIMES = [0, 5, 12, 30, 21] as const
  const inputs = { key: string(), value: int32() }

  const outputs = (builder: StreamsBuilder): (number | null)[] => {
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', inputs)
    RECORDS.forEach((value, at) => {
      input.pipe('a', value, { timestamp: TIMES[at]! })
    })
    return driver
      .createOutputTopic('out', inputs)
      .readKeyValues()
      .map(([, value]) => value)
  }

  it('count in tumbling windows', () => {
    const builder = new StreamsBuilder()
    builder
      .stream('in', inputs)
      .groupByKey()
      .windowedBy(TumblingWindows.of(20).grace(20))
      .aggregate(
        Aggregators.distinctCount((value) => value),
        { store: 'counts' },
      )
      .mapValues(({ count }) => count)
      .toStream(({ key }) => key)
      .to('out', inputs)
    assert.deepEqual(outputs(builder), [1, 2, 2, 1, 2])
  })

  it('count in hopping windows, and without windows', () => {
    const builder = new StreamsBuilder()
    const grouped = builder.stream('in', inputs).groupByKey()
    const distinct = Aggregators.distinctCount((value: number) => value)
    grouped
      .windowedBy(HoppingWindows.of(20).advanceBy(10).grace(20))
      .aggregate(distinct, { store: 'windows' })
      .mapValues(({ count }) => count)
      .toStream(({ key }) => key)
      .to('out', inputs)
    assert.deepEqual(outputs(builder), [1, 2, 2, 1, 1, 1, 2, 2])

    const plain = new StreamsBuilder()
    plain
      .stream('in', inputs)
      .groupByKey()
      .aggregate(distinct, { store: 'all' })
      .mapValues(({ count }) => count)
      .toStream()
      .to('out', inputs)
    assert.deepEqual(outputs(plain), [1, 2, 2, 3, 4])
  })

  it('merge in sessions', () => {
    const builder = new StreamsBuilder()
    builder
      .stream('in', inputs)
      .groupByKey()
      .windowedBy(SessionWindows.of(10).grace(100))
      .aggregate(
        Aggregators.quantiles((value) => value),
        { store: 'spread' },
      )
      .mapValues((spread) => Math.round(spread.quantile(0.5)) * 100 + spread.count)
      .toStream(({ key }) => key)
      .to('out', inputs)
    assert.equal(outputs(builder).at(-1), 2005)
  })
})
