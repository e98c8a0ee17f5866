import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { sessionWindowed } from '../../src/serdes/session-windowed.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { HoppingWindows } from '../../src/windows/hopping-windows.js'
import { SessionWindows } from '../../src/windows/session-windows.js'
import { SlidingWindows } from '../../src/windows/sliding-windows.js'

const GRACE = 1000
const records = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 120 })), {
  maxLength: 25,
})
type Records = readonly (readonly [key: string, timestamp: number])[]

/** The last count of each key and window. */
function counts(
  kind: 'session' | 'hopping' | 'sliding',
  input: Records,
  cacheMaxBytes = 0,
): Map<string, number> {
  const builder = new StreamsBuilder()
  const grouped = builder.stream<string, string>('in', { key: string(), value: string() }).groupByKey()
  if (kind === 'session') grouped.windowedBy(SessionWindows.of(10).grace(GRACE)).count().toStream().to('out')
  else {
    const windows = kind === 'hopping' ? HoppingWindows.of(10).advanceBy(4) : SlidingWindows.of(10)
    grouped.windowedBy(windows.grace(GRACE)).count().toStream().to('out')
  }
  using driver = new TopologyTestDriver(builder.build(), { cacheMaxBytes })
  const key = kind === 'session' ? sessionWindowed(string()) : windowed(string(), { size: 10 })
  const topic = driver.createInputTopic('in', { key: string(), value: string() })
  for (const [name, timestamp] of input) topic.pipe(name, 'x', { timestamp })
  const last = new Map<string, number>()
  for (const record of driver.createOutputTopic('out', { key, value: int64() }).readAll()) {
    const { key: inner, window } = record.key!
    const id = `${inner} ${window.start} ${window.end}`
    if (record.value === null) last.delete(id)
    else last.set(id, record.value)
  }
  return new Map([...last].sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** Sessions as they are defined: runs of timestamps with no gap in them. */
function sessionsOf(input: Records): Map<string, number> {
  const found = new Map<string, number>()
  for (const key of ['a', 'b']) {
    const times = input.filter(([name]) => name === key).map(([, timestamp]) => timestamp)
    times.sort((a, b) => a - b)
    for (let from = 0, to = 0; from < times.length; from = to) {
      for (to = from + 1; to < times.length && times[to]! - times[to - 1]! <= 10; to++);
      found.set(`${key} ${times[from]} ${times[to - 1]}`, to - from)
    }
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** Counts of given windows, `[start, end]`, those without records left out. */
function hoppingOf(input: Records): Map<string, number> {
  const found = new Map<string, number>()
  for (const [key, timestamp] of input) {
    for (let start = 0; start <= timestamp; start += 4) {
      if (timestamp >= start + 10) continue
      const id = `${key} ${start} ${start + 10}`
      found.set(id, (found.get(id) ?? 0) + 1)
    }
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)))
}

describe('windowed aggregates', () => {
  it('of sessions equal a recomputation, in whatever order the records come', () => {
    fc.assert(fc.property(records, (input) => assert.deepEqual(counts('session', input), sessionsOf(input))))
  })

  it('of hopping windows equal a recomputation', () => {
    fc.assert(fc.property(records, (input) => assert.deepEqual(counts('hopping', input), hoppingOf(input))))
  })

  it('of sliding windows count the records between their ends', () => {
    fc.assert(
      fc.property(records, (input) => {
        for (const [id, count] of counts('sliding', input)) {
          const [key, start, end] = id.split(' ')
          const within = input.filter(
            ([name, time]) => name === key && time >= Number(start) && time <= Number(end),
          )
          assert.equal(count, within.length)
        }
      }),
    )
  })

  it('have the same last values with and without a record cache', () => {
    for (const kind of ['session', 'hopping', 'sliding'] as const) {
      fc.assert(
        fc.property(records, (input) => assert.deepEqual(counts(kind, input, 10_000), counts(kind, input))),
        { numRuns: 30 },
      )
    }
  })
})
