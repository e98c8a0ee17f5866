import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aggregate } from '../../operators/aggregate.js'
import { aggregating, counting, reducing } from '../../operators/aggregation.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { Harness } from './harness.js'
import { TestKeyValueStore } from './stores.js'

const change = (newValue: unknown, oldValue: unknown) => ({ newValue, oldValue })
/** The first change of a row. */
const began = (newValue: unknown, initial: unknown) => ({ newValue, oldValue: initial, fresh: true })

describe('count', () => {
  it('hands on each change of the count of a key', () => {
    const counts = new Harness(aggregate(counting, 's'), { stores: [new TestKeyValueStore('s', false)] })
    assert.deepEqual(counts.pairs('a', 1), [['a', began(1, 0)]])
    assert.deepEqual(counts.pairs('b', 1), [['b', began(1, 0)]])
    assert.deepEqual(counts.pairs('a', 1), [['a', change(2, 1)]])
  })

  it('drops records without key or without value', () => {
    const counts = new Harness(aggregate(counting, 's'), { stores: [new TestKeyValueStore('s', false)] })
    assert.deepEqual([...counts.pairs(null, 1), ...counts.pairs('a', null)], [])
    assert.deepEqual(counts.drops, ['operator: null-key', 'operator: null-value'])
  })

  it('gives the result the greatest timestamp of its records', () => {
    const counts = new Harness(aggregate(counting, 's'), { stores: [new TestKeyValueStore('s', false)] })
    const timestamps = [5, 3, 9].map((timestamp) => counts.pipe('a', 1, timestamp)[0]!.timestamp)
    assert.deepEqual(timestamps, [5, 5, 9])
  })
})

describe('reduce', () => {
  it('takes the first value as it is, then combines', () => {
    const sums = new Harness(
      aggregate(
        reducing((sum: number, value: number) => sum + value),
        's',
      ),
      {
        stores: [new TestKeyValueStore('s', false)],
      },
    )
    assert.deepEqual(
      [...sums.pairs('a', 1), ...sums.pairs('a', 2)],
      [
        ['a', change(1, null)],
        ['a', change(3, 1)],
      ],
    )
  })
})

describe('aggregate', () => {
  const join = aggregating(
    () => '',
    (key: string, value: string, all: string) => (value === 'delete' ? null : `${all}${key}${value}`),
  )

  it('folds records, beginning with the initializer, which is the old value then', () => {
    const joined = new Harness(aggregate(join, 's'), { stores: [new TestKeyValueStore('s', false)] })
    assert.deepEqual(
      [...joined.pairs('k', '1'), ...joined.pairs('k', '2')],
      [
        ['k', began('k1', '')],
        ['k', change('k1k2', 'k1')],
      ],
    )
  })

  it('deletes where the result is null, and begins again; the deletion has the greatest timestamp', () => {
    const store = new TestKeyValueStore('s', false)
    const joined = new Harness(aggregate(join, 's'), { stores: [store] })
    joined.pipe('k', '1', 9)
    const [deleted] = joined.pipe('k', 'delete', 3)
    assert.deepEqual([deleted!.value, deleted!.timestamp], [change(null, 'k1'), 9])
    assert.equal(store.get('k'), undefined)
    const [again] = joined.pipe('k', '2', 4)
    assert.deepEqual([again!.value, again!.timestamp], [began('k2', ''), 4])
  })

  it('hands on a deletion even where nothing was stored', () => {
    const joined = new Harness(aggregate(join, 's'), { stores: [new TestKeyValueStore('s', false)] })
    assert.deepEqual(joined.pairs('k', 'delete'), [['k', began(null, '')]])
  })
})

describe('an aggregation on a cached store', () => {
  it('hands on the last value when the cache is flushed, with the value flushed before and the headers', () => {
    const store = new TestKeyValueStore<string, number>('s', true)
    const counts = new Harness(aggregate(counting, 's'), { stores: [store] })
    const header = [{ key: 'trace', value: null }]
    counts.pipe('a', 1, 5)
    counts.pipe('a', 1, 3, header)
    assert.equal(counts.sent.length, 0)
    store.flush()
    assert.deepEqual(counts.sent.splice(0), [
      { topic: 'out', key: 'a', value: change(2, null), timestamp: 5, headers: header },
    ])
    counts.pipe('a', 1, 7)
    store.flush()
    store.flush()
    assert.deepEqual(counts.sent, [
      { topic: 'out', key: 'a', value: change(3, 2), timestamp: 7, headers: NO_HEADERS },
    ])
  })

  it('gives a deletion the greatest timestamp, too', () => {
    const store = new TestKeyValueStore<string, number>('s', true)
    const lastOrNothing = aggregating(
      () => 0,
      (_key: string, value: number) => (value < 0 ? null : value),
    )
    const values = new Harness(aggregate(lastOrNothing, 's'), { stores: [store] })
    values.pipe('a', 1, 5)
    store.flush()
    values.pipe('a', -1, 3)
    store.flush()
    assert.deepEqual(
      values.sent.map((sent) => [sent.value, sent.timestamp]),
      [
        [change(1, null), 5],
        [change(null, 1), 5],
      ],
    )
  })

  it('leaves the record in hand as it was when a row is flushed in between', () => {
    const store = new TestKeyValueStore<string, number>('s', true)
    const evicting = aggregating(
      () => 0,
      (key: string, _value: number, count: number) => {
        if (key === 'b') store.flush()
        return count + 1
      },
    )
    const counts = new Harness(aggregate(evicting, 's'), { stores: [store] })
    const [first, second] = [[{ key: 'first', value: null }], [{ key: 'second', value: null }]]
    counts.pipe('a', 1, 1, first)
    counts.pipe('b', 1, 2, second)
    store.flush()
    assert.deepEqual(
      counts.sent.map((sent) => [sent.key, sent.headers]),
      [
        ['a', first],
        ['b', second],
      ],
    )
  })
})
