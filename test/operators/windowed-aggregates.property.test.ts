import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { KTable } from '../../src/dsl/ktable.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { Suppressed } from '../../src/dsl/suppressed.js'
import { int64 } from '../../src/serdes/int64.js'
import { sessionWindowed } from '../../src/serdes/session-windowed.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { HoppingWindows } from '../../src/windows/hopping-windows.js'
import { SessionWindows } from '../../src/windows/session-windows.js'
import { SlidingWindows } from '../../src/windows/sliding-windows.js'
import type { Windowed } from '../../src/windows/window.js'

const GRACE = 1000
const records = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 120 })), {
  maxLength: 25,
})
type Records = readonly (readonly [key: string, timestamp: number])[]

type Kind = 'session' | 'hopping' | 'sliding'

/** Nothing expires before it is late, whatever comes. */
const store = { retention: 10_000 }

function countsOf(builder: StreamsBuilder, kind: Kind, grace: number): KTable<Windowed<string>, number> {
  const grouped = builder.stream<string, string>('in', { key: string(), value: string() }).groupByKey()
  if (kind === 'session') return grouped.windowedBy(SessionWindows.of(10).grace(grace)).count(store)
  const windows = kind === 'hopping' ? HoppingWindows.of(10).advanceBy(4) : SlidingWindows.of(10)
  return grouped.windowedBy(windows.grace(grace)).count(store)
}

/** Everything that comes out of counts, as `[key start end, count]`. */
function changes(
  kind: Kind,
  input: Records,
  grace: number,
  change = (table: KTable<Windowed<string>, number>) => table,
): [id: string, count: number | null][] {
  const builder = new StreamsBuilder()
  change(countsOf(builder, kind, grace))
    .toStream()
    .to('out')
  using driver = new TopologyTestDriver(builder.build())
  const key = kind === 'session' ? sessionWindowed(string()) : windowed(string(), { size: 10 })
  const topic = driver.createInputTopic('in', { key: string(), value: string() })
  for (const [name, timestamp] of input) topic.pipe(name, 'x', { timestamp })
  const output = driver.createOutputTopic('out', { key, value: int64() }).readKeyValues()
  return output.map(([row, count]) => [`${row!.key} ${row!.window.start} ${row!.window.end}`, count])
}

const sorted = <V>(rows: Iterable<readonly [string, V]>): Map<string, V> =>
  new Map([...rows].sort(([left], [right]) => (left < right ? -1 : 1)))

/** The last count of each key and window. */
function counts(kind: Kind, input: Records, grace = GRACE): Map<string, number> {
  const last = new Map<string, number>()
  for (const [id, count] of changes(kind, input, grace)) {
    if (count === null) last.delete(id)
    else last.set(id, count)
  }
  return sorted(last)
}

/** Calls `take` with each record and the time that there is with it. */
function withTime(input: Records, take: (key: string, timestamp: number, now: number) => void): void {
  let now = -1
  for (const [key, timestamp] of input) {
    now = Math.max(now, timestamp)
    take(key, timestamp, now)
  }
}

/** The records that sessions accept: those whose session, with them in it, has not closed. */
function acceptedBySessions(input: Records, grace: number): Records {
  const accepted: (readonly [string, number])[] = []
  withTime(input, (key, timestamp, now) => {
    const record = [key, timestamp] as const
    const joined = [...sessionsOf([...accepted, record]).keys()].find((id) => {
      const [name, start, end] = id.split(' ')
      return name === key && timestamp >= Number(start) && timestamp <= Number(end)
    })
    if (Number(joined!.split(' ')[2]) >= now - grace - 10) accepted.push(record)
  })
  return accepted
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

/** Counts of the windows that records fall into while these are open. */
function hoppingOf(input: Records, grace: number): Map<string, number> {
  const found = new Map<string, number>()
  withTime(input, (key, timestamp, now) => {
    for (let start = 0; start <= timestamp; start += 4) {
      if (timestamp >= start + 10 || start + 10 <= now - grace) continue
      const id = `${key} ${start} ${start + 10}`
      found.set(id, (found.get(id) ?? 0) + 1)
    }
  })
  return sorted(found)
}

/**
 * How many records fall into a sliding window while it is open: at least those for which the window that ends with
 * them is open, too. From others a window may never know, if it is made after them: as in Kafka Streams.
 */
function slidingBounds(input: Records, id: string, grace: number): [least: number, most: number] {
  const [name, start, end] = id.split(' ')
  let least = 0
  let most = 0
  withTime(input, (key, timestamp, now) => {
    if (key !== name || timestamp < Number(start) || timestamp > Number(end)) return
    const closeTime = now - grace
    if (Number(end) < closeTime || timestamp + 11 <= closeTime) return
    most++
    if (Math.max(10, timestamp) >= closeTime) least++
  })
  return [least, most]
}

const graces = fc.constantFrom(0, 3, 15, GRACE)

/** What suppress hands on in the end, but for the record that makes it do so. */
const suppressed = (kind: Kind, input: Records, grace: number) =>
  changes(kind, [...input, ['clock', 10_000]], grace, (table) =>
    table.suppress(Suppressed.untilWindowCloses()),
  ).filter(([id]) => !id.startsWith('clock'))

describe('windowed aggregates', () => {
  it('of sessions equal a recomputation from the records that were accepted', () => {
    fc.assert(
      fc.property(records, graces, (input, grace) => {
        assert.deepEqual(counts('session', input, grace), sessionsOf(acceptedBySessions(input, grace)))
      }),
    )
  })

  it('of hopping windows equal a recomputation from the records that were accepted', () => {
    fc.assert(
      fc.property(records, graces, (input, grace) => {
        assert.deepEqual(counts('hopping', input, grace), hoppingOf(input, grace))
      }),
    )
  })

  it('of sliding windows count the records between their ends that were accepted', () => {
    fc.assert(
      fc.property(records, graces, (input, grace) => {
        for (const [id, count] of counts('sliding', input, grace)) {
          const [least, most] = slidingBounds(input, id, grace)
          assert.ok(count >= least && count <= most, `${id}: ${count}, from ${least} to ${most}`)
        }
      }),
    )
  })

  it('of sessions are the same in whatever order they merge', () => {
    const shuffled = records.chain((input) =>
      fc.tuple(
        fc.constant(input),
        fc.shuffledSubarray(input, { minLength: input.length, maxLength: input.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([input, other]) => {
        assert.deepEqual(counts('session', other), counts('session', input))
      }),
    )
  })

  for (const kind of ['session', 'hopping', 'sliding'] as const) {
    it(`are handed on by suppress once a window: ${kind}`, () => {
      fc.assert(
        fc.property(records, graces, (input, grace) => {
          const final = suppressed(kind, input, grace)
          assert.equal(new Set(final.map(([id]) => id)).size, final.length)
        }),
      )
    })
  }

  // Sessions and sliding windows take records for a millisecond after suppress has closed them, as in Kafka Streams.
  it('are handed on by suppress as they are in the end', () => {
    fc.assert(
      fc.property(records, graces, (input, grace) => {
        assert.deepEqual(sorted(suppressed('hopping', input, grace)), hoppingOf(input, grace))
      }),
    )
  })
})
