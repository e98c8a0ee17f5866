import { describe, it } from 'node:test'
import { GlobalWindows, HoppingWindows, SessionWindows, Triggers, TumblingWindows } from '../../src/index.js'
import { LAST_TIMESTAMP } from '../../src/time/input-watermark.js'
import { run } from './trigger-steps.js'

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
      ['f', 5, 'abcef@0-10 5'],
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
      ['drain', 0, 'a@0-... 10', `a@0-... ${LAST_TIMESTAMP}`],
      ['b', 4, 'ab@0-... 4'],
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
