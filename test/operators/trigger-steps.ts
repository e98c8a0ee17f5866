import assert from 'node:assert/strict'
import {
  GlobalWindows,
  type HoppingWindows,
  type KStream,
  SessionWindows,
  StreamsBuilder,
  string,
  type Topology,
  type Trigger,
  type TumblingWindows,
  type UnlimitedWindows,
  Watermarks,
  type Windowed,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

export const texts = { key: string(), value: string() }
export const concatenated = (one: string, other: string): string => `${one}${other}`

export type Windows = TumblingWindows | HoppingWindows | UnlimitedWindows | SessionWindows | GlobalWindows

/** A value, of key `a` or as `key:value`, or what happens otherwise, and the results that it is to bring. */
export type Step =
  | readonly [value: string, timestamp: number, ...fired: string[]]
  | readonly [clock: 'clock', by: number, ...fired: string[]]
  | readonly [drain: 'drain', by: 0, ...fired: string[]]

/** When event time comes on: with the greatest timestamp, some time behind it, or, with `false`, in stream time. */
export type EventTime = { readonly behind: number } | false

/** A record at `t` brings event time to `t - 1`: everything before it has come. */
export const MONOTONOUS: EventTime = { behind: 0 }

export const grouped = (builder: StreamsBuilder, eventTime: EventTime) =>
  builder
    .stream('in', {
      ...texts,
      ...(eventTime && { watermark: Watermarks.boundedOutOfOrderness(eventTime.behind) }),
    })
    .groupByKey()

/** Results as `value@start-end`, of other keys than `a` as `key:value@start-end`. */
export const shown = (results: KStream<Windowed<string>, string>) =>
  results.map(({ key, window: { start, end } }, value) => [
    'a',
    `${key === 'a' ? '' : `${key}:`}${value}@${start}-${end > 1e15 ? '...' : end}`,
  ])

export function topologyOf<S>(
  windows: Windows,
  trigger: Trigger<string, S>,
  eventTime: EventTime = MONOTONOUS,
): Topology {
  const builder = new StreamsBuilder()
  const stream = grouped(builder, eventTime)
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

/** Runs steps, each with the results that it is to bring: `value@start-end timestamp`. */
export function run<S>(
  windows: Windows,
  trigger: Trigger<string, S>,
  steps: readonly Step[],
  eventTime: EventTime = MONOTONOUS,
): void {
  using driver = new TopologyTestDriver(topologyOf(windows, trigger, eventTime))
  const input = driver.createInputTopic('in', texts)
  const output = driver.createOutputTopic('out', texts)
  for (const [index, [value, at, ...fired]] of steps.entries()) {
    if (value === 'clock') driver.advanceWallClock(at)
    else if (value === 'drain') driver.drain()
    else {
      const [key, of] = value.includes(':') ? (value.split(':') as [string, string]) : ['a', value]
      input.pipe(key, of, { timestamp: at })
    }
    const results = output.readAll().map((record) => `${record.value} ${record.timestamp}`)
    assert.deepEqual(results, fired, `step ${index}: ${value} ${at}`)
  }
}
