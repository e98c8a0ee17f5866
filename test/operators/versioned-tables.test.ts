import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'

const texts = { key: string(), value: string() }
const numbers = { key: string(), value: int64() }

type Input = readonly (readonly [
  topic: string,
  key: string | null,
  value: string | null,
  timestamp: number,
])[]

/** Runs a topology on texts. */
function run(build: (builder: StreamsBuilder) => void, input: Input): TopologyTestDriver {
  const builder = new StreamsBuilder()
  build(builder)
  const driver = new TopologyTestDriver(builder.build())
  for (const [topic, key, value, timestamp] of input) {
    driver.createInputTopic(topic, texts).pipe(key, value, { timestamp })
  }
  return driver
}

describe('a table whose versions are kept', () => {
  it('may be a count: each is valid from the latest of the records in it', async () => {
    using driver = run(
      (builder) =>
        builder
          .stream('in', texts)
          .groupByKey()
          .count({ store: 'counts', historyRetention: 100 })
          .toStream()
          .to('out'),
      [
        ['in', 'a', 'x', 10],
        ['in', 'a', 'x', 30],
        ['in', 'a', 'x', 20],
        ['in', 'b', 'x', 150],
        ['in', 'c', 'x', 40],
      ],
    )
    const counts = driver.versionedStore<string, number>('counts')
    assert.deepEqual(await counts.get('a'), { value: 3, validFrom: 30, validTo: Number.POSITIVE_INFINITY })
    assert.equal(await counts.get('c'), undefined)
    const out = driver.createOutputTopic('out', numbers).readKeyValues()
    assert.deepEqual(out, [
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['b', 1],
    ])
    assert.equal(driver.droppedRecords.get('KSTREAM-AGGREGATE-0000000001: expired'), 1)
  })

  it('may be the aggregate of another table', async () => {
    using driver = run(
      (builder) =>
        builder
          .table('in', texts)
          .groupBy((_, value) => ['all', value], texts)
          .count({ store: 'counts', historyRetention: 100 }),
      [
        ['in', 'a', 'x', 10],
        ['in', 'b', 'x', 20],
        ['in', 'a', null, 30],
      ],
    )
    const counts = driver.versionedStore<string, number>('counts')
    const versions = await counts.versions('all')
    assert.deepEqual(
      versions.map(({ value, validFrom }) => [validFrom, value]),
      [
        [10, 1],
        [20, 2],
        [30, 1],
      ],
    )
  })

  it('may be made of one whose versions are not kept, and not be kept itself where it is made of one', async () => {
    using driver = run(
      (builder) => {
        const kept = builder
          .table('in', { ...texts, store: 'latest' })
          .filter((_, value) => value !== 'x', { store: 'filtered', historyRetention: 100 })
        kept.mapValues((value) => `${value}!`, { store: 'mapped', value: string() })
        kept.toStream().to('out')
      },
      [
        ['in', 'a', 'y', 10],
        ['in', 'a', 'z', 30],
        ['in', 'a', 'x', 20],
      ],
    )
    const filtered = driver.versionedStore<string, string>('filtered')
    assert.equal((await filtered.get('a', 15))?.value, 'y')
    assert.equal(await filtered.get('a', 25), undefined)
    assert.equal((await filtered.get('a'))?.value, 'z')
    // Without versions of its own it takes changes in the order in which they come.
    assert.equal(await driver.keyValueStore('mapped').get('a'), undefined)
    const out = driver.createOutputTopic('out', texts).readKeyValues()
    assert.deepEqual(out, [
      ['a', 'y'],
      ['a', 'z'],
      ['a', null],
    ])
  })

  it('is read by the version that a record meets through operators that keep nothing', () => {
    using driver = run(
      (builder) => {
        const table = builder
          .table('t', { ...texts, store: 'versions', historyRetention: 100 })
          .filter((_, value) => value !== 'hidden')
          .mapValues((value) => `${value}!`)
        builder
          .stream('s', texts)
          .leftJoin(table, (value, row) => `${value}-${row}`)
          .to('out', texts)
      },
      [
        ['t', 'a', '1', 10],
        ['t', 'a', 'hidden', 20],
        ['t', 'a', '3', 30],
        ['s', 'a', 'at 15', 15],
        ['s', 'a', 'at 25', 25],
        ['s', 'a', 'at 35', 35],
      ],
    )
    const out = driver.createOutputTopic('out', texts).readKeyValues()
    assert.deepEqual(
      out.map(([, value]) => value),
      ['at 15-1!', 'at 25-null', 'at 35-3!'],
    )
  })
})

const GRACE = 20
const record = fc.record({
  topic: fc.constantFrom('s', 't'),
  key: fc.constantFrom('a', 'b'),
  value: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }),
  timestamp: fc.integer({ min: 0, max: 100 }),
  delay: fc.integer({ min: 0, max: GRACE }),
})

describe('a join whose records wait', () => {
  it('is that of the whole history of the table, where nothing comes later than the grace period', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (records) => {
        // A record comes when its delay is over; of those that come together the table's are first.
        const arriving = records.toSorted(
          (left, right) =>
            left.timestamp + left.delay - (right.timestamp + right.delay) ||
            (left.topic < right.topic ? 1 : left.topic > right.topic ? -1 : 0),
        )
        const sent = arriving.map(({ value, ...rest }, at) => ({ ...rest, value: value && `${value}${at}` }))
        using driver = run(
          (builder) => {
            const table = builder.table('t', { ...texts, store: 'versions', historyRetention: 1000 })
            builder
              .stream('s', texts)
              .join(table, (value, row) => `${value} ${row}`, { name: 'join', gracePeriod: GRACE })
              .to('out', texts)
          },
          [
            ...sent.map(({ topic, key, value, timestamp }) => [topic, key, value, timestamp] as const),
            ['s', 'end', 'x', 1000],
          ],
        )
        const expected = sent.flatMap(({ topic, key, value, timestamp }) => {
          if (topic === 't' || value === null) return []
          const history = sent.filter(
            (each) => each.topic === 't' && each.key === key && each.timestamp <= timestamp,
          )
          // The last one of the greatest time.
          const row = history.reduce<(typeof history)[number] | undefined>(
            (best, each) => (best === undefined || each.timestamp >= best.timestamp ? each : best),
            undefined,
          )
          return row?.value ? [`${key} ${timestamp} ${value} ${row.value}`] : []
        })
        const out = driver
          .createOutputTopic('out', texts)
          .readAll()
          .map(({ key, value, timestamp }) => `${key} ${timestamp} ${value}`)
        assert.deepEqual(out.toSorted(), expected.toSorted())
        const times = out.map((line) => Number(line.split(' ')[1]))
        assert.deepEqual(
          times,
          times.toSorted((left, right) => left - right),
        )
      }),
      { numRuns: 200 },
    )
  })
})
