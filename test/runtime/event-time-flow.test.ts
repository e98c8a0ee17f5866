import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventTimeFlow } from '../../src/runtime/event-time-flow.js'
import { WatermarkClock } from '../../src/time/event-clock.js'
import { END_OF_TIME } from '../../src/time/input-watermark.js'
import { QuietTime } from '../../src/time/quiet-time.js'
import { TimeGate } from '../../src/time/time-gate.js'

const unscheduled = { streamTimeFires: Number.POSITIVE_INFINITY, follow: () => {} }

/** A flow of two sources; the first stage sees the first of them only, the second both, the first of them 5 ms later. */
function flowing(committed = [-1, -1]) {
  const reached: string[] = []
  const task = {
    busy: false,
    begin: () => {},
    time: {
      ...unscheduled,
      greatest: -1,
      get streamTime() {
        return this.greatest
      },
      set streamTime(eventTime: number) {
        this.greatest = eventTime
        reached.push(`all: ${eventTime}`)
      },
    },
  }
  const clock = (name: string, busy = false): WatermarkClock =>
    ({
      listened: true,
      advance: (now: number) => {
        reached.push(`${name}: ${now}`)
        task.busy = busy && begins.some
      },
    }) as unknown as WatermarkClock
  const begins = { some: false }
  const flow = new EventTimeFlow(committed, task)
  flow.lead([
    { clock: clock('first', true), behind: new Map([[0, 0]]) },
    {
      clock: clock('second'),
      behind: new Map([
        [0, 5],
        [1, 0],
      ]),
    },
  ])
  const inputs = [0, 1].map(() => ({ eventTime: -1, idle: false, quiet: new QuietTime() }))
  const join = (source: number): void => flow.join(source, inputs[source]!)
  const tell = (source: number, eventTime: number, idle = false): string[] => {
    Object.assign(inputs[source]!, { eventTime, idle })
    flow.advance(source)
    return reached.splice(0)
  }
  return { flow, task, begins, join, tell, reached }
}

describe('event time on its way down', () => {
  it('reaches an operator as the least of its sources, less what is held back before it', () => {
    const { join, tell } = flowing()
    join(0)
    join(1)
    assert.deepEqual(tell(0, 50), ['first: 50'])
    assert.deepEqual(tell(1, 60), ['first: 50', 'second: 45', 'all: 50'])
    assert.deepEqual(tell(1, 20), [], 'never goes back')
  })

  it('ends everywhere when it ends at the sources: nothing is held back behind the end', () => {
    const { join, tell } = flowing()
    join(0)
    assert.deepEqual(tell(0, END_OF_TIME), [
      `first: ${END_OF_TIME}`,
      `second: ${END_OF_TIME}`,
      `all: ${END_OF_TIME}`,
    ])
    join(1)
    assert.deepEqual(tell(1, END_OF_TIME), [`first: ${END_OF_TIME}`, `second: ${END_OF_TIME}`])
  })

  it('leaves idle sources out, and takes the greatest where all are idle', () => {
    const { flow, join, tell } = flowing()
    join(0)
    join(1)
    tell(0, 50)
    assert.deepEqual(tell(1, -1, true), ['first: 50', 'second: 45', 'all: 50'])
    assert.equal(flow.isIdle, false)
    assert.deepEqual(tell(0, 50, true), ['first: 50', 'second: 45'])
    assert.equal(flow.isIdle, true)
  })

  it('does not wait for sources that the task does not read', () => {
    const { join, tell } = flowing()
    join(0)
    assert.deepEqual(tell(0, 50), ['first: 50', 'second: 45', 'all: 50'])
  })

  it('goes through a gate when it is let, and is not idle before', () => {
    const clock = new WatermarkClock()
    const gate = new TimeGate(new WatermarkClock(10), { closeTime: -1 })
    gate.entered(0)
    const task = { busy: false, begin: () => {}, time: { ...unscheduled, streamTime: -1 } }
    const flow = new EventTimeFlow([-1], task)
    const behind = new Map<number | TimeGate, number>([
      [0, 0],
      [gate, 3],
    ])
    flow.lead([{ clock, behind }])
    flow.join(0, { eventTime: 50, idle: true, quiet: new QuietTime() })
    flow.begin()
    assert.equal(clock.now, 7)
    assert.equal(flow.isIdle, false)
    gate.left(0)
    flow.passed()
    assert.equal(clock.now, 50)
    assert.equal(flow.isIdle, true)
  })

  it('of one input is looked up by operators, and told only where something happens for it', () => {
    const told: number[] = []
    const listener = {
      quietUntil: Number.NEGATIVE_INFINITY,
      timeAdvanced(now: number) {
        told.push(now)
        listener.quietUntil = now + 10
      },
    }
    const listening = new WatermarkClock()
    listening.onAdvance(listener)
    const silent = new WatermarkClock()
    const task = { busy: false, begin: () => {}, time: { ...unscheduled, streamTime: -1 } }
    const flow = new EventTimeFlow([-1], task)
    flow.lead([
      { clock: listening, behind: new Map([[0, 0]]) },
      { clock: silent, behind: new Map([[0, 5]]) },
    ])
    const input = { eventTime: -1, idle: false, quiet: new QuietTime() }
    flow.join(0, input)
    const times = [50, 51, 59, 60, 61].map((eventTime) => {
      input.eventTime = eventTime
      flow.advance(0)
      return [listening.now, silent.now, flow.eventTime]
    })
    assert.deepEqual(
      times,
      [50, 51, 59, 60, 61].map((time) => [time, time - 5, time]),
    )
    assert.deepEqual(told, [50, 60])

    task.busy = true
    flow.hold()
    input.eventTime = 62
    flow.advance(0)
    assert.deepEqual([listening.now, flow.pending], [61, true], 'waits for what has been begun')
    task.busy = false
    flow.goOn()
    assert.equal(listening.now, 62)
    Object.assign(input, { eventTime: 63, idle: true })
    flow.advance(0)
    assert.equal(flow.isIdle, true)
    input.eventTime = END_OF_TIME
    flow.advance(0)
    assert.deepEqual([listening.now, silent.now], [END_OF_TIME, END_OF_TIME])
  })

  it('stops where an operator has begun something, and goes on behind it', () => {
    const { flow, task, begins, join, tell, reached } = flowing()
    join(0)
    begins.some = true
    assert.deepEqual(tell(0, 50), ['first: 50'])
    assert.equal(flow.pending, true)
    task.busy = false
    flow.goOn()
    assert.deepEqual(reached, ['second: 45', 'all: 50'])
    assert.equal(flow.pending, false)
  })

  it('goes on from what was committed', () => {
    const { flow, join, tell, reached } = flowing([40, 30])
    join(0)
    join(1)
    flow.begin()
    assert.deepEqual(reached.splice(0), [], 'what happens then is of the first turn')
    assert.equal(flow.pending, true)
    flow.goOn()
    assert.deepEqual(reached.splice(0), ['first: 40', 'second: 30', 'all: 30'])
    assert.deepEqual(tell(0, 10), [])
    assert.deepEqual(flow.committed, [40, 30])
  })
})
