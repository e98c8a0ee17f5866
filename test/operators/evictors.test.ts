import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Evictor,
  Evictors,
  GlobalWindows,
  HoppingWindows,
  int32,
  SessionWindows,
  StreamsBuilder,
  type Topology,
  type Trigger,
  Triggers,
  TumblingWindows,
  UnlimitedWindows,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { grouped, MONOTONOUS, shown, texts, type Windows } from './trigger-steps.js'

type Step = readonly [value: string, timestamp: number, ...fired: string[]]

const triggered = <S>(windows: Windows, trigger: Trigger<string, S>, builder: StreamsBuilder) => {
  const stream = grouped(builder, MONOTONOUS)
  if (windows instanceof GlobalWindows) return stream.windowedBy(windows).trigger(trigger)
  if (windows instanceof SessionWindows) return stream.windowedBy(windows).trigger(trigger)
  return stream.windowedBy(windows).trigger(trigger)
}

const joined = (_key: string, values: readonly string[]): string => values.join('')

function topologyOf<S>(windows: Windows, trigger: Trigger<string, S>, evictor?: Evictor<string>): Topology {
  const builder = new StreamsBuilder()
  const stream = triggered(windows, trigger, builder)
  shown((evictor === undefined ? stream : stream.evict(evictor)).apply(joined)).to('out', texts)
  return builder.build()
}

function check(topology: Topology, steps: readonly Step[]): void {
  using driver = new TopologyTestDriver(topology)
  const input = driver.createInputTopic('in', texts)
  const output = driver.createOutputTopic('out', texts)
  for (const [index, [value, at, ...fired]] of steps.entries()) {
    input.pipe('a', value, { timestamp: at })
    const results = output.readAll().map((record) => record.value)
    assert.deepEqual(results, fired, `step ${index}: ${value} ${at}`)
  }
}

/** What remains of windows in the stores. */
async function assertNothingLeft(driver: TopologyTestDriver): Promise<void> {
  for (const { name } of driver.topology.subTopologies.flatMap(({ stores }) => stores)) {
    for await (const row of driver.keyValueStore(name).all()) assert.fail(`${name}: ${String(row.key)}`)
  }
}

type Elements = readonly (readonly [value: string, timestamp: number])[]

/** Which elements an evictor lets stay, by their values, before the window function and after it. */
function stay(evictor: Evictor<string>, elements: Elements): readonly [before: string, after: string] {
  const given = elements.map(([value, timestamp]) => ({ value, timestamp }))
  const context = {
    window: { start: 0, end: 100 },
    maxTimestamp: 99,
    currentEventTime: 50,
    currentProcessingTime: 0,
  }
  const valuesOf = (kept: readonly { readonly value: string }[]) => kept.map(({ value }) => value).join('')
  return [
    valuesOf(evictor.evictBefore?.(given, context) ?? given),
    valuesOf(evictor.evictAfter?.(given, context) ?? given),
  ]
}

const inOrder: Elements = [
  ['a', 1],
  ['b', 2],
  ['c', 3],
  ['d', 4],
  ['e', 5],
]
const outOfOrder: Elements = [
  ['a', 10],
  ['b', 1],
  ['c', 8],
  ['d', 5],
  ['e', 9],
]

/** Worked from Flink's CountEvictor, TimeEvictor and DeltaEvictor. */
const CASES: readonly (readonly [
  name: string,
  evictor: (after: boolean) => Evictor<string>,
  elements: Elements,
  left: string,
])[] = [
  ['count: more than there are', (after) => Evictors.count(6, { after }), inOrder, 'abcde'],
  ['count: as many as there are', (after) => Evictors.count(5, { after }), inOrder, 'abcde'],
  ['count: those that came last', (after) => Evictors.count(2, { after }), inOrder, 'de'],
  ['count: whatever their timestamps', (after) => Evictors.count(2, { after }), outOfOrder, 'de'],
  ['count: of none', (after) => Evictors.count(2, { after }), [], ''],
  ['time: one that is just as old goes', (after) => Evictors.time(2, { after }), inOrder, 'de'],
  ['time: the shortest keeps the newest', (after) => Evictors.time(1, { after }), inOrder, 'e'],
  ['time: longer than all', (after) => Evictors.time(5, { after }), inOrder, 'abcde'],
  ['time: by the newest, not by the last', (after) => Evictors.time(3, { after }), outOfOrder, 'ace'],
  [
    'time: equal ones stay together',
    (after) => Evictors.time(1, { after }),
    [
      ['a', 1],
      ['b', 1],
    ],
    'ab',
  ],
  ['time: of none', (after) => Evictors.time(2, { after }), [], ''],
  ['delta: one that is just as far goes', (after) => Evictors.delta(2, far, { after }), inOrder, 'de'],
  [
    'delta: far ones go wherever they stand',
    (after) => Evictors.delta(2, far, { after }),
    lettersOf('eacdbd'),
    'ecdd',
  ],
  [
    'delta: what is no number stays',
    (after) => Evictors.delta(2, () => Number.NaN, { after }),
    inOrder,
    'abcde',
  ],
  ['delta: no distance is small enough', (after) => Evictors.delta(0, far, { after }), inOrder, ''],
  ['delta: one side only', (after) => Evictors.delta(2, ahead, { after }), lettersOf('aec'), 'ac'],
  ['delta: of none', (after) => Evictors.delta(2, far, { after }), [], ''],
]

function far(value: string, last: string): number {
  return Math.abs(ahead(value, last))
}

function ahead(value: string, last: string): number {
  return value.charCodeAt(0) - last.charCodeAt(0)
}

function lettersOf(text: string): Elements {
  return [...text].map((letter, index) => [letter, index])
}

describe('evictors', () => {
  for (const [name, evictor, elements, left] of CASES) {
    const all = elements.map(([value]) => value).join('')
    it(`${name}, before and after the function`, () => {
      assert.deepEqual(stay(evictor(false), elements), [left, all])
      assert.deepEqual(stay(evictor(true), elements), [all, left])
    })
  }
})

describe('windows that keep their elements', () => {
  it('hand on all of them, in the order in which they came', () => {
    check(topologyOf(TumblingWindows.of(10).grace(5), Triggers.eventTime()), [
      ['a', 5],
      ['b', 2],
      ['c', 9],
      ['d', 11, 'abc@0-10'],
      ['e', 3, 'abce@0-10'],
    ])
  })

  it('begin anew where they are purged', () => {
    check(topologyOf(GlobalWindows.of(), Triggers.purging(Triggers.count(2))), [
      ['a', 0],
      ['b', 1, 'ab@0-...'],
      ['c', 2],
      ['d', 3, 'cd@0-...'],
    ])
  })

  it('lose what was evicted before the function, and hand on what stays again', () => {
    check(topologyOf(GlobalWindows.of(), Triggers.count(2), Evictors.count(3)), [
      ['a', 0],
      ['b', 1, 'ab@0-...'],
      ['c', 2],
      ['d', 3, 'bcd@0-...'],
      ['e', 4],
      ['f', 5, 'def@0-...'],
    ])
  })

  it('lose what was evicted after the function when they have handed it on', () => {
    check(topologyOf(GlobalWindows.of(), Triggers.count(2), Evictors.count(1, { after: true })), [
      ['a', 0],
      ['b', 1, 'ab@0-...'],
      ['c', 2],
      ['d', 3, 'bcd@0-...'],
      ['e', 4],
      ['f', 5, 'def@0-...'],
    ])
  })

  it('lose all where they are purged, too, whatever the evictor says', () => {
    check(topologyOf(GlobalWindows.of(), Triggers.purging(Triggers.count(2)), Evictors.count(1)), [
      ['a', 0],
      ['b', 1, 'b@0-...'],
      ['c', 2],
      ['d', 3, 'd@0-...'],
    ])
  })

  it('evict from each window of a record on its own', () => {
    check(topologyOf(HoppingWindows.of(10).advanceBy(5), Triggers.eventTime(), Evictors.time(4)), [
      ['a', 6],
      ['b', 9],
      ['c', 11, 'ab@0-10'],
      ['d', 30, 'bc@5-15', 'c@10-20'],
    ])
  })

  it('keep those of windows without end', () => {
    check(
      topologyOf(UnlimitedWindows.of(), Triggers.count(1), Evictors.time(4)),
      [
        ['a', 1],
        ['b', 3],
        ['c', 5],
        ['d', 2],
      ].map(([value, at], index) => [value, at, `${['a', 'ab', 'bc', 'bcd'][index]}@0-...`] as Step),
    )
  })

  it('have those of all sessions that become one, in the order in which they came', () => {
    check(topologyOf(SessionWindows.of(5).grace(100), Triggers.count(5), Evictors.count(4)), [
      ['a', 0],
      ['b', 10],
      ['c', 1],
      ['d', 11],
      ['e', 6, 'bcde@0-11'],
      ['f', 7],
      ['g', 2],
      ['h', 3],
      ['i', 4],
      ['j', 8, 'ghij@0-11'],
    ])
  })

  it('evict by a rule of their own', () => {
    const vowels: Evictor<string> = {
      evictBefore: (elements, { window, currentEventTime }) => {
        assert.equal(window.start, 0)
        assert.ok(currentEventTime >= -1)
        return elements.filter(({ value }) => value !== 'x')
      },
      evictAfter: (elements) => elements.filter(({ value }) => 'aeiou'.includes(value)),
    }
    check(topologyOf(GlobalWindows.of(), Triggers.count(3), vowels), [
      ['a', 0],
      ['x', 1],
      ['b', 2, 'ab@0-...'],
      ['e', 3],
      ['c', 4],
      ['i', 5, 'aeci@0-...'],
    ])
  })

  it('ask the function of what is left, nothing too, but not where there was nothing', () => {
    const none: Evictor<string> = { evictBefore: () => [] }
    check(topologyOf(GlobalWindows.of(), Triggers.count(1), none), [
      ['a', 0, '@0-...'],
      ['b', 1, '@0-...'],
    ])
    const once = Triggers.continuousEventTime(10)
    check(topologyOf(GlobalWindows.of(), once, { evictAfter: () => [] }), [
      ['a', 3],
      ['b', 25, 'ab@0-...'],
      ['c', 26],
      ['d', 41, 'cd@0-...'],
    ])
  })

  it('hand on nothing where the function has nothing, and null values to it', () => {
    const builder = new StreamsBuilder()
    triggered(GlobalWindows.of(), Triggers.count(1), builder)
      .apply((key, values, { start }) =>
        values.length === 2 ? null : `${key}${start} ${values.map((value) => value ?? '-').join('')}`,
      )
      .selectKey(({ key }) => key)
      .to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', texts)
    input.pipe('a', 'b', { timestamp: 1 })
    input.pipe('a', null, { timestamp: 2 })
    input.pipe('a', 'c', { timestamp: 3 })
    assert.deepEqual(
      driver
        .createOutputTopic('out', texts)
        .readAll()
        .map(({ value }) => value),
      ['a0 b', 'a0 b-c'],
    )
  })

  it('drop a record as a whole where the function fails', () => {
    const builder = new StreamsBuilder()
    const failing = triggered(GlobalWindows.of(), Triggers.count(1), builder)
      .evict(Evictors.count(2))
      .apply((key, values) => {
        if (values.at(-1) === '!') throw new Error('no')
        return joined(key, values)
      })
    shown(failing).to('out', texts)
    using driver = new TopologyTestDriver(builder.build(), {
      processingExceptionHandler: () => 'continue',
    })
    const input = driver.createInputTopic('in', texts)
    for (const [index, value] of ['!', 'a', 'b', '!', 'c'].entries())
      input.pipe('a', value, { timestamp: index })
    assert.deepEqual(
      driver
        .createOutputTopic('out', texts)
        .readAll()
        .map(({ value }) => value),
      ['a@0-...', 'ab@0-...', 'bc@0-...'],
    )
  })

  it('leave nothing behind when they are gone, purged or evicted', async () => {
    for (const topology of [
      topologyOf(TumblingWindows.of(10).grace(5), Triggers.eventTime(), Evictors.count(1)),
      topologyOf(HoppingWindows.of(10).advanceBy(3), Triggers.never(), Evictors.count(1)),
      topologyOf(SessionWindows.of(3).grace(20), Triggers.count(2), Evictors.count(3)),
    ]) {
      using driver = new TopologyTestDriver(topology)
      const input = driver.createInputTopic('in', texts)
      for (const at of [1, 5, 3, 9, 13, 11]) input.pipe('a', 'a', { timestamp: at })
      driver.drain()
      await assertNothingLeft(driver)
    }
  })

  it('keep as many rows as there are elements', async () => {
    const builder = new StreamsBuilder()
    shown(
      triggered(GlobalWindows.of(), Triggers.count(1), builder)
        .evict(Evictors.count(2))
        .apply(joined, { store: 'last' }),
    ).to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    const input = driver.createInputTopic('in', texts)
    for (const value of 'abcdef') input.pipe('a', value, { timestamp: 1 })
    const rows = []
    for await (const { value } of driver.keyValueStore<unknown, { value: string }>('last-elements').all()) {
      rows.push(value.value)
    }
    assert.deepEqual(rows, ['e', 'f'])
  })
})

describe('what is no evictor', () => {
  it('is refused by build()', () => {
    assert.throws(
      () => topologyOf(GlobalWindows.of(), Triggers.count(1), (() => []) as never),
      /its evictor is none; take one of Evictors, or an object with evictBefore or evictAfter/,
    )
    assert.throws(
      () => topologyOf(GlobalWindows.of(), Triggers.count(1), null as never),
      /its evictor is none/,
    )
  })

  it('fails where it gives what the window does not have', () => {
    const other: Evictor<string> = { evictBefore: (elements) => elements.map((element) => ({ ...element })) }
    using driver = new TopologyTestDriver(topologyOf(GlobalWindows.of(), Triggers.count(1), other))
    assert.throws(
      () => driver.createInputTopic('in', texts).pipe('a', 'a', { timestamp: 1 }),
      /KSTREAM-APPLY-\d+.*an evictor gives elements that are not of the window/s,
    )
    const nothing = { evictAfter: () => 3 } as never
    using second = new TopologyTestDriver(topologyOf(GlobalWindows.of(), Triggers.count(1), nothing))
    assert.throws(
      () => second.createInputTopic('in', texts).pipe('a', 'a', { timestamp: 1 }),
      /an evictor gives a list of the elements that stay, and not 3/,
    )
  })

  it('needs a serde of the elements where the stream has none', () => {
    const builder = new StreamsBuilder()
    const lengths = grouped(builder, MONOTONOUS).windowedBy(GlobalWindows.of())
    assert.ok(lengths.apply(joined))
    const stream = builder
      .stream('other', texts)
      .mapValues((value) => value.length)
      .groupByKey()
    // @ts-expect-error the stream does not know how its values are kept
    stream.windowedBy(GlobalWindows.of()).apply((_, values) => values.length)
    assert.throws(
      () => builder.build(),
      /it needs a value serde.*give it one: apply\(windowFunction, \{ value: \.\.\. \}\)/,
    )
    stream.windowedBy(GlobalWindows.of()).apply((_, values) => values.length, { value: int32() })
  })
})
