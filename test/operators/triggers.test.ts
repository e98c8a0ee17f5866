import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  GlobalWindows,
  HoppingWindows,
  type KStream,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  string,
  type Topology,
  type Trigger,
  Triggers,
  TumblingWindows,
  Watermarks,
  type Windowed,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { LAST_TIMESTAMP } from '../../src/time/input-watermark.js'

const texts = { key: string(), value: string() }
const concatenated = (one: string, other: string): string => `${one}${other}`

type Windows = TumblingWindows | HoppingWindows | SessionWindows | GlobalWindows
type Step =
  | readonly [value: string, timestamp: number, ...fired: string[]]
  | readonly [clock: 'clock', by: number, ...fired: string[]]
  | readonly [drain: 'drain', by: 0, ...fired: string[]]

const grouped = (builder: StreamsBuilder, watermarks: boolean) =>
  builder.stream('in', { ...texts, ...(watermarks && { watermark: Watermarks.monotonous() }) }).groupByKey()

/** Results as `value@start-end time`. */
const shown = (results: KStream<Windowed<string>, string>) =>
  results.map(({ window: { start, end } }, value) => ['a', `${value}@${start}-${end > 1e15 ? '...' : end}`])

function topologyOf<S>(windows: Windows, trigger: Trigger<string, S>, watermarks = true): Topology {
  const builder = new StreamsBuilder()
  const stream = grouped(builder, watermarks)
  const late = (records: KStream<string, string>) => {
    records.to('late', texts)
  }
  const triggered =
    windows instanceof GlobalWindows
      ? stream.windowedBy(windows).trigger(trigger).reduce(concatenated)
      : windows instanceof SessionWindows
        ? stream.windowedBy(windows).trigger(trigger).reduce(concatenated, { late })
        : stream.windowedBy(windows).trigger(trigger).reduce(concatenated, { late })
  shown(triggered).to('out', texts)
  return builder.build()
}

/** Runs steps of one key, each with the results that it is to bring. With watermarks: the greatest timestamp is one. */
function run<S>(
  windows: Windows,
  trigger: Trigger<string, S>,
  steps: readonly Step[],
  watermarks = true,
): void {
  using driver = new TopologyTestDriver(topologyOf(windows, trigger, watermarks))
  const input = driver.createInputTopic('in', texts)
  const output = driver.createOutputTopic('out', texts)
  for (const [index, [value, at, ...fired]] of steps.entries()) {
    if (value === 'clock') driver.advanceWallClock(at)
    else if (value === 'drain') driver.drain()
    else input.pipe('a', value, { timestamp: at })
    const results = output.readAll().map((record) => `${record.value} ${record.timestamp}`)
    assert.deepEqual(results, fired, `step ${index}: ${value} ${at}`)
  }
}

/** With a monotonous watermark a record at `t` brings event time to `t - 1`: everything before it has come. */
describe('Triggers.eventTime', () => {
  const ten = TumblingWindows.of(10)

  it('fires once, when the watermark reaches the last timestamp of the window', () => {
    run(ten, Triggers.eventTime(), [
      ['a', 1],
      ['b', 9],
      ['c', 10, 'ab@0-10 9'],
      ['d', 25, 'c@10-20 19'],
      ['drain', 0, 'd@20-30 29'],
    ])
  })

  it('is the same in stream time', () => {
    run(
      ten,
      Triggers.eventTime(),
      [
        ['a', 1],
        ['b', 9],
        ['c', 10, 'ab@0-10 9'],
        ['d', 25, 'c@10-20 19'],
      ],
      false,
    )
  })

  it('fires at each record that is late and allowed, and not at one that is later', () => {
    run(ten.grace(5), Triggers.eventTime(), [
      ['a', 1],
      ['b', 12, 'a@0-10 9'],
      ['c', 3, 'ac@0-10 3'],
      ['d', 9, 'acd@0-10 9'],
      ['e', 15],
      ['f', 9],
    ])
  })

  it('fires for each window of a record', () => {
    run(HoppingWindows.of(10).advanceBy(5), Triggers.eventTime(), [
      ['a', 7],
      ['b', 12, 'a@0-10 9'],
      ['c', 30, 'ab@5-15 14', 'b@10-20 19'],
    ])
  })

  it('fires for a session when its gap is over', () => {
    run(SessionWindows.of(10), Triggers.eventTime(), [
      ['a', 1],
      ['b', 11],
      ['c', 21],
      ['d', 32, 'abc@1-21 31'],
    ])
  })

  it('fires early, at the end, and late', () => {
    const around = { early: Triggers.count(2), late: Triggers.count(2) }
    run(ten.grace(100), Triggers.eventTime(around), [
      ['a', 1],
      ['b', 2, 'ab@0-10 2'],
      ['c', 3],
      ['d', 10, 'abc@0-10 9'],
      ['e', 4],
      ['f', 5, 'abcef@0-10 9'.replace(' 9', ' 5')],
      ['g', 6],
    ])
  })

  it('fires early by the clock, and no more after the end', () => {
    const around = { early: Triggers.continuousProcessingTime(10) }
    run(ten.grace(100), Triggers.eventTime(around), [
      ['a', 1],
      ['clock', 10, 'a@0-10 1'],
      ['b', 2],
      ['clock', 10, 'ab@0-10 2'],
      ['c', 10, 'ab@0-10 9'],
      ['clock', 10, 'c@10-20 10'],
    ])
  })

  it('hands on what has come since where it is purging', () => {
    run(ten.grace(100), Triggers.purging(Triggers.eventTime({ early: Triggers.count(2) })), [
      ['a', 1],
      ['b', 2, 'ab@0-10 2'],
      ['c', 3],
      ['d', 10, 'c@0-10 9'],
      ['e', 4, 'e@0-10 4'],
      ['f', 110, 'd@10-20 19'],
    ])
  })
})

describe('Triggers.processingTime', () => {
  it('fires when the clock reaches the last timestamp of the window', () => {
    run(TumblingWindows.of(10).grace(1000), Triggers.processingTime(), [
      ['a', 1],
      ['clock', 8],
      ['b', 2],
      ['clock', 1, 'ab@0-10 2'],
      ['c', 3],
      ['clock', 0, 'abc@0-10 3'],
    ])
  })

  it('fires no more for a window that is gone', () => {
    run(TumblingWindows.of(10), Triggers.processingTime(), [
      ['a', 1],
      ['b', 100],
      ['clock', 50],
      ['clock', 100, 'b@100-110 100'],
    ])
  })
})

describe('Triggers.count', () => {
  it('fires at every so many records of a window, which keeps all', () => {
    run(GlobalWindows.of(), Triggers.count(2), [
      ['a', 5],
      ['b', 3, 'ab@0-... 5'],
      ['c', 100],
      ['d', 4, 'abcd@0-... 100'],
    ])
  })

  it('counts in each window of a record', () => {
    run(HoppingWindows.of(10).advanceBy(5), Triggers.count(2), [
      ['a', 7],
      ['b', 12, 'ab@5-15 12'],
      ['c', 13, 'bc@10-20 13'],
    ])
  })

  it('counts the records of sessions that become one, which alone does not fire', () => {
    run(SessionWindows.of(5).grace(100), Triggers.count(3), [
      ['a', 0],
      ['b', 10],
      ['c', 5, 'abc@0-10 10'],
      ['d', 1],
      ['e', 2],
      ['f', 3, 'abcdef@0-10 10'],
    ])
    run(SessionWindows.of(5).grace(100), Triggers.count(4), [
      ['a', 0],
      ['b', 1],
      ['c', 11],
      ['d', 12],
      // Four records of two sessions, and the one that makes them one.
      ['e', 6, 'abcde@0-12 12'],
    ])
  })
})

describe('Triggers.delta', () => {
  it('fires at a value that is too far from the one that fired last; the first one only begins', () => {
    const distance = (last: string, value: string): number => value.charCodeAt(0) - last.charCodeAt(0)
    run(GlobalWindows.of(), Triggers.delta(2, distance, { value: string() }), [
      ['a', 0],
      ['c', 1],
      ['d', 2, 'acd@0-... 2'],
      ['f', 3],
      ['g', 4, 'acdfg@0-... 4'],
    ])
  })
})

describe('Triggers.continuousEventTime', () => {
  it('fires at multiples of the interval, and at the end', () => {
    run(TumblingWindows.of(25), Triggers.continuousEventTime(10), [
      ['a', 3],
      ['b', 9],
      ['c', 12, 'abc@0-25 12'],
      ['d', 30, 'abc@0-25 20', 'abc@0-25 24'],
    ])
  })

  it('fires at once where the end has passed', () => {
    run(TumblingWindows.of(10).grace(100), Triggers.continuousEventTime(100), [
      ['a', 3],
      ['b', 50, 'a@0-10 9'],
      ['c', 4, 'ac@0-10 4'],
    ])
  })

  it('goes on in a global window', () => {
    run(GlobalWindows.of(), Triggers.continuousEventTime(10), [
      ['a', 3],
      ['b', 11, 'ab@0-... 11'],
      ['c', 35, 'abc@0-... 35', 'abc@0-... 35'],
    ])
  })

  it('fires in a global window for the next multiple and for the end when event time ends, and no more', () => {
    run(GlobalWindows.of(), Triggers.continuousEventTime(10), [
      ['a', 3],
      ['drain', 0, `a@0-... 10`, `a@0-... ${LAST_TIMESTAMP}`],
      ['b', 4, `ab@0-... 4`],
    ])
  })

  it('fires next when the first of merged sessions was to', () => {
    run(SessionWindows.of(10).grace(100), Triggers.continuousEventTime(20), [
      ['a', 15],
      ['b', 5],
      ['c', 21, 'abc@5-21 21'],
    ])
  })
})

describe('Triggers.continuousProcessingTime', () => {
  it('fires at multiples of the interval of the clock, whatever is missed', () => {
    run(GlobalWindows.of(), Triggers.continuousProcessingTime(10), [
      ['clock', 3],
      ['a', 0],
      ['clock', 7, 'a@0-... 0'],
      ['clock', 5],
      ['b', 1],
      ['clock', 35, 'ab@0-... 1'],
      ['clock', 10, 'ab@0-... 1'],
    ])
  })

  it('ends with the window', () => {
    run(TumblingWindows.of(10), Triggers.continuousProcessingTime(10), [
      ['a', 1],
      ['clock', 10, 'a@0-10 1'],
      ['b', 10],
      ['clock', 10, 'b@10-20 10'],
    ])
  })
})

describe('Triggers.purging', () => {
  it('has the window begin anew, and keeps what the other trigger does', () => {
    run(GlobalWindows.of(), Triggers.purging(Triggers.count(2)), [
      ['a', 0],
      ['b', 1, 'ab@0-... 1'],
      ['c', 2],
      ['d', 3, 'cd@0-... 3'],
    ])
    const distance = (last: string, value: string): number => value.charCodeAt(0) - last.charCodeAt(0)
    run(GlobalWindows.of(), Triggers.purging(Triggers.delta(2, distance, { value: string() })), [
      ['a', 0],
      ['d', 1, 'ad@0-... 1'],
      ['f', 2],
      ['g', 3, 'fg@0-... 3'],
    ])
  })

  it('hands on nothing where nothing has come since', () => {
    run(TumblingWindows.of(10).grace(100), Triggers.purging(Triggers.continuousProcessingTime(10)), [
      ['a', 1],
      ['clock', 10, 'a@0-10 1'],
      ['clock', 10],
      ['b', 2],
      ['clock', 10, 'b@0-10 2'],
    ])
  })
})

describe('Triggers.never', () => {
  it('is the default of global windows', () => {
    const builder = new StreamsBuilder()
    shown(grouped(builder, true).windowedBy(GlobalWindows.of()).reduce(concatenated)).to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('in', texts).pipe('a', 'a', { timestamp: 1 })
    driver.drain()
    assert.deepEqual(driver.createOutputTopic('out', texts).readAll(), [])
  })
})

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
    grouped(builder, true).windowedBy(SlidingWindows.of(5)).trigger(Triggers.count(1)).count()
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
      grouped(builder, true)
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
