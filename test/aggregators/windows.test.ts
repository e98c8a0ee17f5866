import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  Aggregators,
  CountWindows,
  GlobalWindows,
  int32,
  type KStream,
  SessionWindows,
  StreamsBuilder,
  string,
  Triggers,
  TumblingWindows,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

const numbers = { key: string(), value: int32() }
const top = Aggregators.topN({ n: 2, by: (value: number) => value, value: int32() })
const latest = Aggregators.latestBy({ by: (value: number) => value % 10, value: int32() })

type Grouped = ReturnType<KStream<string, number>['groupByKey']>

/** What comes of values, given with their timestamps. */
function results<K, V extends number | readonly number[]>(
  aggregate: (grouped: Grouped) => KStream<K, V>,
  input: readonly (readonly [value: number | null, timestamp: number])[],
): string[] {
  const builder = new StreamsBuilder()
  aggregate(builder.stream('in', numbers).groupByKey())
    .map((_, value) => ['all', [value].flat().join(' ')])
    .to('out', { key: string(), value: string() })
  using driver = new TopologyTestDriver(builder.build())
  const topic = driver.createInputTopic('in', numbers)
  for (const [value, timestamp] of input) topic.pipe('all', value, { timestamp })
  return driver
    .createOutputTopic('out', { key: string(), value: string() })
    .readAll()
    .map(({ value }) => value!)
}

const inOrder = (...values: (number | null)[]) => values.map((value, at) => [value, at] as const)

describe('aggregators', () => {
  it('aggregate windows by count', () => {
    const windows = CountWindows.of(3)
    assert.deepEqual(
      results((grouped) => grouped.windowedBy(windows).aggregate(top), inOrder(5, 9, 7, 1, 2, 3, 4)),
      ['9 7', '3 2'],
    )
    assert.deepEqual(
      results((grouped) => grouped.windowedBy(windows).aggregate(latest), inOrder(15, 29, 7)),
      ['29'],
    )
  })

  it('aggregate windows by count that overlap', () => {
    const windows = CountWindows.of(3).advanceBy(1)
    assert.deepEqual(
      results((grouped) => grouped.windowedBy(windows).aggregate(top), inOrder(5, 9, 7, 1)),
      ['5', '9 5', '9 7', '9 7'],
    )
  })

  it('aggregate windows with a trigger, and leave out values that are null', () => {
    const everyTwo = Triggers.count(2)
    assert.deepEqual(
      results(
        (grouped) =>
          grouped.windowedBy(GlobalWindows.of()).trigger(everyTwo).aggregate(top, { store: 'top' }),
        inOrder(5, 9, null, 7, 1, 8),
      ),
      ['9 5', '9 7', '9 8'],
    )
    assert.deepEqual(
      results(
        (grouped) =>
          grouped.windowedBy(TumblingWindows.of(10)).trigger(Triggers.purging(everyTwo)).aggregate(latest),
        inOrder(15, 29, 37, 41),
      ),
      ['29', '37'],
    )
  })

  it('aggregate sessions with a trigger, which become one', () => {
    assert.deepEqual(
      results(
        (grouped) =>
          grouped.windowedBy(SessionWindows.of(5).grace(50)).trigger(Triggers.count(4)).aggregate(top),
        [
          [5, 0],
          [9, 10],
          [7, 11],
          [1, 5],
        ],
      ),
      ['9 7'],
    )
  })
})
