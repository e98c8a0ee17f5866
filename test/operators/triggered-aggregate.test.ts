import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  GlobalWindows,
  HoppingWindows,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  string,
  type Trigger,
  Triggers,
  TumblingWindows,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { concatenated, grouped, MONOTONOUS, run, shown, texts, topologyOf } from './trigger-steps.js'

describe("a trigger of the user's", () => {
  /** Fires at an exclamation mark, purges at a question mark, and a time after the first record. */
  const marks: Trigger<string, string> = {
    state: string(),
    onElement: (value, timestamp, context) => {
      if (context.state === undefined) context.setEventTimer(timestamp + 100)
      context.state = (context.state ?? '') + value
      return value === '!' ? 'fire' : value === '?' ? 'purge' : value === '.' ? 'fireAndPurge' : 'continue'
    },
    onEventTime: (_, context) => (context.state === '' ? 'continue' : 'fire'),
    onProcessingTime: () => 'continue',
  }

  it('decides about firing and purging, with state and timers of its own', () => {
    run(GlobalWindows.of(), marks, [
      ['a', 0],
      ['!', 1, 'a!@0-... 1'],
      ['b', 2],
      ['?', 3],
      ['c', 4],
      ['.', 5, 'c.@0-... 5'],
      ['d', 6],
      ['e', 200, 'de@0-... 200'],
    ])
  })

  it('is refused for sessions where it does not merge, and any trigger for sliding windows', () => {
    assert.throws(() => topologyOf(SessionWindows.of(5), marks), /its trigger does not merge what it keeps/)
    const builder = new StreamsBuilder()
    grouped(builder, MONOTONOUS).windowedBy(SlidingWindows.of(5)).trigger(Triggers.count(1)).count()
    assert.throws(
      () => builder.build(),
      /trigger\(\): a sliding window is made when records are in it already/,
    )
  })
})

describe('windows with a trigger', () => {
  it('hand on late records, and count each window that they are late for', () => {
    using driver = new TopologyTestDriver(
      topologyOf(HoppingWindows.of(10).advanceBy(5), Triggers.eventTime()),
    )
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'a', { timestamp: 50 })
    input.pipe('a', 'b', { timestamp: 7 })
    input.pipe('a', 'c', { timestamp: 45 })
    assert.deepEqual(
      driver
        .createOutputTopic('late', texts)
        .readAll()
        .map(({ value }) => value),
      ['b'],
    )
    assert.deepEqual([...driver.droppedRecords.values()], [3])
  })

  it('are not late downstream, and their results close windows there', () => {
    const builder = new StreamsBuilder()
    shown(
      grouped(builder, MONOTONOUS)
        .windowedBy(TumblingWindows.of(10))
        .trigger(Triggers.eventTime())
        .reduce(concatenated)
        .map(({ key }, value): [string, string] => [key, value])
        .groupByKey(texts)
        .windowedBy(TumblingWindows.of(20))
        .trigger(Triggers.eventTime())
        .reduce(concatenated),
    ).to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', texts)
    for (const [value, timestamp] of [
      ['a', 1],
      ['b', 11],
      ['c', 20],
      ['d', 100],
    ] as const) {
      input.pipe('a', value, { timestamp })
    }
    assert.deepEqual(
      driver
        .createOutputTopic('out', texts)
        .readAll()
        .map(({ value }) => value),
      ['ab@0-20', 'c@20-40'],
    )
  })

  it('leave nothing behind when they are gone', async () => {
    using driver = new TopologyTestDriver(
      topologyOf(TumblingWindows.of(10).grace(5), Triggers.continuousEventTime(3)),
    )
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'a', { timestamp: 1 })
    driver.drain()
    for (const { name } of driver.topology.subTopologies.flatMap(({ stores }) => stores)) {
      for await (const row of driver.keyValueStore(name).all()) assert.fail(`${name}: ${String(row.key)}`)
    }
  })
})
