import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver, type TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'

const texts = { key: string(), value: string() }
const numbers = { key: string(), value: int64() }

/** What a topology makes of the updates of a table `in`, as `[key, value]`. */
function outputOf(
  build: (builder: StreamsBuilder) => void,
  updates: readonly (readonly [string, number | null])[],
  options?: TopologyTestDriverOptions,
): [string | null, number | null][] {
  const builder = new StreamsBuilder()
  build(builder)
  using driver = new TopologyTestDriver(builder.build(), options)
  const input = driver.createInputTopic('in', numbers)
  for (const [index, [key, value]] of updates.entries()) input.pipe(key, value, { timestamp: index })
  return driver.createOutputTopic('out', numbers).readKeyValues()
}

const table = (builder: StreamsBuilder, store?: string) =>
  builder.table<string, number>('in', { ...numbers, ...(store === undefined ? {} : { store }) })

describe('filter of a table', () => {
  const updates = [
    ['a', 1],
    ['a', 20],
    ['a', 2],
    ['b', 3],
  ] as const
  const large = (_: string, value: number): boolean => value > 10

  it('sends a tombstone where a row that was there does not pass any more', () => {
    const filtered = outputOf((b) => table(b, 't').filter(large).toStream().to('out'), updates)
    assert.deepEqual(filtered, [
      ['a', 20],
      ['a', null],
    ])
  })

  it('sends one for every row that does not pass where nothing is kept', () => {
    const filtered = outputOf((b) => table(b).filter(large).toStream().to('out'), updates)
    assert.deepEqual(filtered, [
      ['a', null],
      ['a', 20],
      ['a', null],
      ['b', null],
    ])
  })

  it('keeps its own rows where it has a store, whatever the table before does', () => {
    const filtered = outputOf(
      (b) =>
        table(b)
          .filter(large, { store: 'large' })
          .filter(() => true)
          .toStream()
          .to('out'),
      updates,
    )
    assert.deepEqual(filtered, [
      ['a', 20],
      ['a', null],
    ])
  })
})

describe('groupBy of a table', () => {
  it('keeps the table before in a store, for old values', () => {
    const builder = new StreamsBuilder()
    table(builder)
      .groupBy((key, value) => [key, value], { name: 'g', ...numbers })
      .count({ store: 'counts' })
    const [source] = builder.build().subTopologies
    assert.deepEqual(
      source!.stores.map(({ name }) => name),
      ['in-STATE-STORE-0000000000'],
    )
  })

  const update = fc.tuple(
    fc.constantFrom('a', 'b', 'c'),
    fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
  )
  const sumOfParity = (builder: StreamsBuilder) =>
    table(builder, 't')
      .groupBy((_, value) => [value % 2 === 0 ? 'even' : 'odd', value], { name: 'g', ...numbers })
      .reduce(
        (sum, value) => sum + value,
        (sum, value) => sum - value,
        { store: 'sums' },
      )
      .toStream()
      .to('out')

  it('has the aggregate of the rows that there are', () => {
    fc.assert(
      fc.property(fc.array(update, { maxLength: 40 }), (updates) => {
        const rows = new Map<string, number>()
        for (const [key, value] of updates) value === null ? rows.delete(key) : rows.set(key, value)
        const sums = new Map(outputOf(sumOfParity, updates))
        for (const [group, rest] of [
          ['even', 0],
          ['odd', 1],
        ] as const) {
          const values = [...rows.values()].filter((value) => value % 2 === rest)
          assert.equal(
            sums.get(group) ?? 0,
            values.reduce((sum, value) => sum + value, 0),
          )
        }
      }),
    )
  })

  it('has the same last values with a record cache and without', () => {
    fc.assert(
      fc.property(fc.array(update, { maxLength: 40 }), (updates) => {
        const cached = outputOf(sumOfParity, updates, { cacheMaxBytes: 10_000 })
        assert.deepEqual(new Map(cached), new Map(outputOf(sumOfParity, updates)))
      }),
    )
  })
})

describe('groupBy of an aggregate', () => {
  /** How many keys have each number of records. */
  const keysPerCount = (b: StreamsBuilder) =>
    b
      .stream('in', numbers)
      .groupByKey()
      .count({ store: 'counts' })
      .mapValues((count) => count % 3)
      .groupBy((_, rest) => [`${rest}`, rest], { name: 'g', ...numbers })
      .count({ store: 'keys' })
      .toStream()
      .to('out')

  it('takes off no row that was not there, cached or not', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
        const records = keys.map((each): [string, number] => [each, 0])
        const expected = new Map<string, number>()
        for (const each of new Set(keys)) {
          const group = `${keys.filter((other) => other === each).length % 3}`
          expected.set(group, (expected.get(group) ?? 0) + 1)
        }
        for (const cacheMaxBytes of [0, 10_000]) {
          const counts = outputOf(keysPerCount, records, { cacheMaxBytes })
          const last = [...new Map(counts)].filter(([, count]) => count !== 0)
          assert.deepEqual(new Map(last as [string, number][]), expected)
        }
      }),
    )
  })
})

describe('mapValues of a table', () => {
  it('is kept where it has a store, which needs a value serde', async () => {
    const builder = new StreamsBuilder()
    table(builder).mapValues((value) => `#${value}`, { store: 'names', value: string() })
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('in', numbers).pipe('a', 7, { timestamp: 3 })
    assert.deepEqual(await driver.keyValueStore('names').get('a'), { value: '#7', timestamp: 3 })
  })
})

describe('transformValues', () => {
  it('is called for deletions, too', () => {
    const builder = new StreamsBuilder()
    builder
      .table<string, string>('in', texts)
      .transformValues<string>(() => ({ transform: (key, value) => `${key}=${value}` }))
      .toStream()
      .to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('in', texts).pipe('a', null)
    assert.deepEqual(driver.createOutputTopic('out', texts).readKeyValues(), [['a', 'a=null']])
  })
})
