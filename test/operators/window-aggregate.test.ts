import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aggregating, counting } from '../../operators/aggregation.js'
import { windowAggregate } from '../../operators/window-aggregate.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import { Harness } from './harness.js'
import { TestWindowStore } from './stores.js'

const inWindow = (key: string, start: number, end: number) => ({ key, window: { start, end } })
const change = (newValue: unknown, oldValue: unknown) => ({ newValue, oldValue })
const countingIn = (windows: TumblingWindows, store = new TestWindowStore('w', false)) =>
  new Harness(windowAggregate(windows, counting, 'w'), { stores: [store] })

describe('a windowed count', () => {
  it('counts per key and window', () => {
    const counts = countingIn(TumblingWindows.of(10))
    assert.deepEqual(counts.pairs('a', 1, 0), [[inWindow('a', 0, 10), change(1, null)]])
    assert.deepEqual(counts.pairs('a', 1, 9), [[inWindow('a', 0, 10), change(2, 1)]])
    assert.deepEqual(counts.pairs('b', 1, 9), [[inWindow('b', 0, 10), change(1, null)]])
    assert.deepEqual(counts.pairs('a', 1, 10), [[inWindow('a', 10, 20), change(1, null)]])
  })

  it('takes late records until event time is grace past the end of their window', () => {
    const counts = countingIn(TumblingWindows.of(10).grace(5))
    counts.pipe('a', 1, 14)
    assert.deepEqual(counts.pairs('a', 1, 9), [[inWindow('a', 0, 10), change(1, null)]])
    counts.pipe('a', 1, 15)
    assert.deepEqual(counts.pairs('a', 1, 9), [])
    assert.deepEqual(counts.drops, ['operator: late'])
  })

  it('without grace closes a window at its end', () => {
    const counts = countingIn(TumblingWindows.of(10))
    counts.pipe('b', 1, 10)
    assert.deepEqual(counts.pairs('a', 1, 9), [])
    assert.deepEqual(counts.drops, ['operator: late'])
  })

  it('drops records without key, which do not move event time; counts those without value', () => {
    const counts = countingIn(TumblingWindows.of(10))
    counts.pipe(null, 1, 1_000)
    assert.deepEqual(counts.drops, ['operator: null-key'])
    assert.deepEqual(counts.pairs('a', null, 5), [[inWindow('a', 0, 10), change(1, null)]])
  })

  it('gives the result the greatest timestamp of its records', () => {
    const counts = countingIn(TumblingWindows.of(10))
    const timestamps = [5, 3, 9].map((timestamp) => counts.pipe('a', 1, timestamp)[0]!.timestamp)
    assert.deepEqual(timestamps, [5, 5, 9])
  })

  it('begins a window anew that the store has given up, does not keep it, and counts that', () => {
    const store = new TestWindowStore('w', false)
    store.expiredBefore = 10
    const counts = countingIn(TumblingWindows.of(10), store)
    const [first, second] = [counts.pairs('a', 1, 9), counts.pairs('a', 1, 9)]
    assert.equal(first.length, 1)
    assert.deepEqual(second, first)
    assert.deepEqual(counts.drops, ['operator: expired', 'operator: expired'])
  })
})

describe('a windowed aggregate', () => {
  it('deletes where the result is null and hands that on', () => {
    const store = new TestWindowStore<string, number>('w', false)
    const sum = aggregating(
      () => 0,
      (_key: string, value: number, total: number) => (value < 0 ? null : total + value),
    )
    const sums = new Harness(windowAggregate(TumblingWindows.of(10), sum, 'w'), { stores: [store] })
    sums.pipe('a', 3, 1)
    assert.deepEqual(sums.pairs('a', -1, 2), [[inWindow('a', 0, 10), change(null, 3)]])
    assert.equal(store.get('a', 0), undefined)
    assert.deepEqual(sums.pairs('a', 4, 1), [[inWindow('a', 0, 10), change(4, null)]])
  })
})

describe('a windowed aggregation on a cached store', () => {
  it('hands on the last value of each window when the cache is flushed', () => {
    const store = new TestWindowStore<string, number>('w', true)
    const counts = countingIn(TumblingWindows.of(10), store as TestWindowStore<unknown, unknown>)
    for (const timestamp of [1, 2, 11]) counts.pipe('a', 1, timestamp)
    assert.equal(counts.sent.length, 0)
    store.flush()
    assert.deepEqual(
      counts.sent.map((sent) => [sent.key, sent.value, sent.timestamp]),
      [
        [inWindow('a', 0, 10), change(2, null), 2],
        [inWindow('a', 10, 20), change(1, null), 11],
      ],
    )
  })
})
