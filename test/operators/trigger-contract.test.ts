import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  GlobalWindows,
  HoppingWindows,
  SessionWindows,
  string,
  type Trigger,
  type TriggerContext,
  type TriggerResult,
  TumblingWindows,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { run, type Step, texts, topologyOf, type Windows } from './trigger-steps.js'

type Context = TriggerContext<string>

/** A trigger that notes what it is asked, and keeps the values that it has seen. */
class Recorder implements Trigger<string, string> {
  readonly state = string()
  readonly asked: string[] = []

  constructor(private readonly behaviour: Partial<Trigger<string, string>> = {}) {}

  onElement(value: string, timestamp: number, context: Context): TriggerResult {
    this.note(`element ${value} ${timestamp}`, context)
    context.state = (context.state ?? '') + value
    return this.behaviour.onElement?.(value, timestamp, context) ?? 'continue'
  }

  onEventTime(timestamp: number, context: Context): TriggerResult {
    this.note(`event time ${timestamp}`, context)
    return this.behaviour.onEventTime?.(timestamp, context) ?? 'continue'
  }

  onProcessingTime(timestamp: number, context: Context): TriggerResult {
    this.note(`processing time ${timestamp}`, context)
    return this.behaviour.onProcessingTime?.(timestamp, context) ?? 'continue'
  }

  onMerge(merged: readonly (string | undefined)[], context: Context): void {
    this.note(`merge ${merged.join('+')}`, context)
    context.state = merged.join('')
    this.behaviour.onMerge?.(merged, context)
  }

  clear(context: Context): void {
    this.note('clear', context)
    this.behaviour.clear?.(context)
  }

  private note(what: string, { window: { start, end }, state }: Context): void {
    this.asked.push(`${what} of ${start}-${end > 1e15 ? '...' : end}: ${state ?? ''}`)
  }
}

/** Holds what a trigger is asked to a list, when it has gone through steps. */
function asks(
  windows: Windows,
  behaviour: Partial<Trigger<string, string>>,
  steps: readonly Step[],
  asked: readonly string[],
): void {
  const trigger = new Recorder(behaviour)
  run(windows, trigger, steps)
  assert.deepEqual(trigger.asked, asked)
}

const ten = TumblingWindows.of(10)
const inTime = { event: 'setEventTimer', processing: 'setProcessingTimer' } as const

describe('a trigger', () => {
  it('is asked at a record for each of its windows, which keep apart what it keeps', () => {
    asks(
      HoppingWindows.of(10).advanceBy(5),
      {},
      [
        ['a', 7],
        ['b:x', 7],
        ['b', 11],
      ],
      [
        'element a 7 of 0-10: ',
        'element a 7 of 5-15: ',
        'element x 7 of 0-10: ',
        'element x 7 of 5-15: ',
        'element b 11 of 5-15: a',
        'element b 11 of 10-20: ',
        // Everything up to 9 had come with the last record.
        'event time 9 of 0-10: a',
        'clear of 0-10: a',
        'event time 9 of 0-10: x',
        'clear of 0-10: x',
      ],
    )
  })

  it('knows the times and the last timestamp of its window', () => {
    const known: number[][] = []
    const note = (_: unknown, context: Context): TriggerResult => {
      known.push([context.currentEventTime, context.currentProcessingTime, context.maxTimestamp])
      return 'continue'
    }
    const onElement = (_: string, timestamp: number, context: Context) => note(timestamp, context)
    const steps: readonly Step[] = [
      ['a', 7],
      ['clock', 30],
      ['b', 8],
      ['c', 25],
    ]
    run(ten.grace(5), new Recorder({ onElement, onEventTime: note }), steps)
    assert.deepEqual(known, [
      [-1, 0, 9],
      [6, 30, 9],
      [7, 30, 29],
      [24, 30, 9],
    ])
    known.length = 0
    run(SessionWindows.of(10), new Recorder({ onElement }), [['a', 7]])
    run(GlobalWindows.of(), new Recorder({ onElement }), [['a', 7]])
    assert.deepEqual(
      known.map(([, , maxTimestamp]) => maxTimestamp),
      [17, 8_639_999_999_999_999],
    )
  })

  const decided: readonly (readonly [result: TriggerResult, first: string[], then: string])[] = [
    ['continue', [], 'ab'],
    ['fire', ['a'], 'ab'],
    ['purge', [], 'b'],
    ['fireAndPurge', ['a'], 'b'],
  ]
  for (const [result, first, then] of decided) {
    it(`decides at a record, and at a timer of either time, to ${result}; what it keeps stays`, () => {
      const shown = (timestamp: number) => first.map((value) => `${value}@0-100 ${timestamp}`)
      const end = (_: string, timestamp: number): TriggerResult => (timestamp === 1 ? result : 'fire')
      run(TumblingWindows.of(100), new Recorder({ onElement: end }), [
        ['a', 1, ...shown(1)],
        ['b', 5, `${then}@0-100 5`],
      ])
      for (const [time, set] of Object.entries(inTime)) {
        const asked: string[] = []
        const decide = (_: number, { state }: Context): TriggerResult => {
          asked.push(state!)
          return result
        }
        const trigger = new Recorder({
          onElement: (value, _, context) => {
            if (value === 'b') return 'fire'
            if (value === 'a') context[set](3)
            return 'continue'
          },
          onEventTime: decide,
          onProcessingTime: decide,
        })
        run(TumblingWindows.of(100), trigger, [
          ['a', 1],
          time === 'event' ? ['b:x', 4, ...shown(3)] : ['clock', 3, ...shown(1)],
          ['b', 5, `${then}@0-100 5`],
        ])
        assert.deepEqual(asked, ['a'])
      }
    })
  }

  for (const [time, set] of Object.entries(inTime)) {
    it(`has its timers of ${time} time fire in order, once each, and not those that it took back`, () => {
      const remove = time === 'event' ? 'deleteEventTimer' : 'deleteProcessingTimer'
      const onElement = (value: string, _: number, context: Context): TriggerResult => {
        if (value === 'a') for (const at of [8, 5, 3, 5, 6]) context[set](at)
        else if (value === 'b') for (const at of [6, 4]) context[remove](at)
        return 'continue'
      }
      const again = (timestamp: number, context: Context): TriggerResult => {
        if (timestamp === 3) context[set](2)
        return 'continue'
      }
      asks(
        TumblingWindows.of(100).grace(100),
        { onElement, onEventTime: again, onProcessingTime: again },
        [['a', 1], ['b', 2], time === 'event' ? ['c', 8] : ['clock', 7]],
        [
          'element a 1 of 0-100: ',
          'element b 2 of 0-100: a',
          ...(time === 'event' ? ['element c 8 of 0-100: ab'] : []),
          ...[3, 2, 5].map((at) => `${time} time ${at} of 0-100: ${time === 'event' ? 'abc' : 'ab'}`),
        ],
      )
    })

    it(`is asked by a timer of ${time} time for a window that it purged, which has nothing to hand on`, () => {
      const onElement = (_: string, __: number, context: Context): TriggerResult => {
        context[set](3)
        return 'purge'
      }
      const fire = (): TriggerResult => 'fire'
      asks(
        TumblingWindows.of(100),
        { onElement, onEventTime: fire, onProcessingTime: fire },
        [['a', 1], time === 'event' ? ['b:x', 5] : ['clock', 5]],
        [
          'element a 1 of 0-100: ',
          ...(time === 'event' ? ['element x 5 of 0-100: '] : []),
          `${time} time 3 of 0-100: a`,
          ...(time === 'event' ? ['event time 3 of 0-100: x'] : []),
        ],
      )
    })

    it(`is not asked by a timer of ${time} time that it left to a window that is gone`, () => {
      asks(
        ten,
        {
          onElement: (_, __, context) => {
            context[set](30)
            return 'continue'
          },
        },
        [['a', 1], ['b', 15], time === 'event' ? ['c', 16] : ['clock', 10]],
        [
          'element a 1 of 0-10: ',
          'element b 15 of 10-20: ',
          'event time 9 of 0-10: a',
          'clear of 0-10: a',
          ...(time === 'event' ? ['element c 16 of 10-20: b'] : []),
        ],
      )
    })
  }

  it('is asked a last time when its window goes, may fire then, and takes its timers back', () => {
    asks(
      ten.grace(20),
      { onEventTime: () => 'fire' },
      [
        ['a', 1],
        ['b', 29],
        ['c:x', 30, 'a@0-10 9'],
        ['d', 2],
      ],
      [
        'element a 1 of 0-10: ',
        'element b 29 of 20-30: ',
        'element x 30 of 30-40: ',
        'event time 29 of 0-10: a',
        'clear of 0-10: a',
      ],
    )
  })

  it('cannot keep its window there by taking back a timer', () => {
    const takeBack = (_: unknown, context: Context): TriggerResult => {
      context.deleteEventTimer(context.maxTimestamp)
      return 'continue'
    }
    asks(
      ten,
      {
        onElement: (_, timestamp, context) => {
          context.setEventTimer(3)
          return takeBack(timestamp, context)
        },
        onEventTime: takeBack,
      },
      [
        ['a', 1],
        ['b:x', 5],
        ['drain', 0],
      ],
      [
        'element a 1 of 0-10: ',
        'element x 5 of 0-10: ',
        'event time 3 of 0-10: a',
        'event time 3 of 0-10: x',
        'event time 9 of 0-10: a',
        'clear of 0-10: a',
        'event time 9 of 0-10: x',
        'clear of 0-10: x',
      ],
    )
  })

  it('merges what it keeps when a session grows or becomes one with others; for those it is cleared', () => {
    asks(
      SessionWindows.of(5).grace(100),
      {
        onMerge: (_, context) => context.setProcessingTimer(context.window.end),
        onProcessingTime: () => 'fire',
      },
      [
        ['a', 0],
        ['b', 3],
        ['c', 2],
        ['d', 12],
        ['e', 8],
        // That of the session to 3 was left to it.
        ['clock', 12, 'abcde@0-12 12'],
      ],
      [
        'element a 0 of 0-0: ',
        'merge a of 0-3: ',
        'clear of 0-0: a',
        'element b 3 of 0-3: a',
        'element c 2 of 0-3: ab',
        'element d 12 of 12-12: ',
        'merge abc+d of 0-12: ',
        'clear of 0-3: abc',
        'clear of 12-12: d',
        'element e 8 of 0-12: abcd',
        'processing time 12 of 0-12: abcde',
      ],
    )
  })

  it('goes on with a session that it purged', () => {
    asks(
      SessionWindows.of(5),
      { onElement: (value) => (value === 'a' ? 'purge' : 'fire') },
      [
        ['a', 0],
        ['b', 4, 'b@0-4 4'],
      ],
      ['element a 0 of 0-0: ', 'merge a of 0-4: ', 'clear of 0-0: a', 'element b 4 of 0-4: a'],
    )
  })

  it('is not asked for records that are late', () => {
    asks(
      ten.grace(5),
      {},
      [
        ['a', 24],
        ['b', 9],
        ['c', 10],
      ],
      ['element a 24 of 20-30: ', 'element c 10 of 10-20: '],
    )
  })

  it('may not set a timer that is no time', () => {
    const onElement = (_: string, __: number, context: Context): TriggerResult => {
      context.setEventTimer(-1)
      return 'continue'
    }
    using driver = new TopologyTestDriver(topologyOf(ten, new Recorder({ onElement })))
    const input = driver.createInputTopic('in', texts)
    assert.throws(() => input.pipe('a', 'a', { timestamp: 1 }), /a timer cannot be set for -1/)
  })
})
