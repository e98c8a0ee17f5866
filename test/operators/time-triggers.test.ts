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

  it('fires for windows and keys apart', () => {
    run(ten, Triggers.eventTime(), [
      ['a', 1],
      ['b:c', 2],
      ['b', 11, 'a@0-10 9', 'b:c@0-10 9'],
      ['c', 15],
      ['b:d', 31, 'bc@10-20 19'],
      ['drain', 0, 'b:d@30-40 39'],
    ])
  })

  it('takes a record as long as the last timestamp and the grace have not come, and fires once for it', () => {
    run(ten.grace(5), Triggers.eventTime(), [
      ['a', 1],
      ['b', 14, 'a@0-10 9'],
      ['c', 9, 'ac@0-10 9'],
      ['d', 15],
      ['e', 9],
      ['drain', 0, 'bd@10-20 19'],
    ])
  })

  it('fires at a record of a window that had ended before it began', () => {
    run(ten.grace(100), Triggers.eventTime(), [
      ['a', 50],
      ['b', 3, 'b@0-10 3'],
      ['drain', 0, 'a@50-60 59'],
    ])
  })

  it('leaves a window there for good where its grace is longer than time', () => {
    run(ten.grace(Number.MAX_SAFE_INTEGER), Triggers.eventTime(), [
      ['a', 1],
      ['b', 1e12, 'a@0-10 9'],
      ['c', 2, 'ac@0-10 2'],
      ['drain', 0, 'b@1000000000000-1000000000010 1000000000009'],
    ])
  })

  it('fires for a global window when event time ends', () => {
    run(GlobalWindows.of(), Triggers.eventTime(), [
      ['a', 1],
      ['b:c', 5],
      ['b', 100],
      ['drain', 0, 'ab@0-... 8639999999999999', 'b:c@0-... 8639999999999999'],
    ])
  })

  it('fires once for sessions that have become one before their ends', () => {
    const behind = { behind: 50 }
    run(
      SessionWindows.of(10),
      Triggers.eventTime(),
      [
        ['a', 0],
        ['b', 20],
        ['c', 40],
        ['d', 10],
        ['e', 100, 'abd@0-20 30'],
        ['drain', 0, 'c@40-40 50', 'e@100-100 110'],
      ],
      behind,
    )
  })

  it('fires anew for a session that has ended and goes on', () => {
    run(SessionWindows.of(10).grace(100), Triggers.eventTime(), [
      ['a', 0],
      ['b', 12, 'a@0-0 10'],
      ['c', 6],
      ['d', 50, 'abc@0-12 22'],
    ])
  })

  it('fires at each record of a session that has ended, also at one that makes it longer or two of them one', () => {
    run(SessionWindows.of(10).grace(100), Triggers.eventTime(), [
      ['a', 0],
      ['b', 15, 'a@0-0 10'],
      ['c', 80, 'b@15-15 25'],
      ['d', 2, 'ad@0-2 2'],
      ['e', 8, 'adbe@0-15 15'],
      ['drain', 0, 'c@80-80 90'],
    ])
  })

  it('takes a record whose own session would be gone into one that is not', () => {
    run(SessionWindows.of(10), Triggers.eventTime(), [
      ['a', 30],
      ['b', 45, 'a@30-30 40'],
      ['c', 35],
      ['d', 20],
      ['e', 57, 'bc@35-45 55'],
      ['drain', 0, 'e@57-57 67'],
    ])
  })

  it('hands on only what is late for a session that was purged at its end', () => {
    run(SessionWindows.of(10).grace(100), Triggers.purging(Triggers.eventTime()), [
      ['a', 0],
      ['b', 30, 'a@0-0 10'],
      ['c', 5, 'c@0-5 5'],
      ['d', 12, 'd@0-12 12'],
      ['e', 21],
      ['drain', 0, 'be@0-30 40'],
    ])
  })

  it('begins anew with what is late when a session goes on after its end', () => {
    const around = { late: Triggers.continuousProcessingTime(10) }
    run(SessionWindows.of(10).grace(1000), Triggers.eventTime(around), [
      ['a', 0],
      ['b', 20, 'a@0-0 10'],
      ['c', 5],
      ['d', 12],
      ['clock', 10],
      ['e', 40, 'acbd@0-20 30'],
      ['f', 7],
      ['clock', 10, 'acbdf@0-20 30'],
    ])
    run(SessionWindows.of(10).grace(1000), Triggers.eventTime({ late: Triggers.count(2) }), [
      ['a', 0],
      ['b', 20, 'a@0-0 10'],
      ['c', 5],
      ['d', 12],
      ['e', 40, 'acbd@0-20 30'],
      ['f', 7],
      ['g', 8, 'acbdfg@0-20 20'],
    ])
  })

  it('has the early trigger go on where sessions become one', () => {
    run(
      SessionWindows.of(10),
      Triggers.eventTime({ early: Triggers.count(4) }),
      [
        ['a', 0],
        ['b', 1],
        ['c', 16],
        ['d', 8, 'abcd@0-16 16'],
        ['e', 9],
        ['drain', 0, 'abcde@0-16 26'],
      ],
      { behind: 50 },
    )
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

  it('fires for windows and keys apart', () => {
    run(TumblingWindows.of(10).grace(1000), Triggers.processingTime(), [
      ['a', 1],
      ['b:c', 2],
      ['b', 11],
      ['clock', 9, 'a@0-10 9', 'b:c@0-10 9'],
      ['clock', 9],
      ['clock', 1, 'b@10-20 11'],
      ['drain', 0],
    ])
  })

  it('fires once for a session that has grown, when the clock reaches its end', () => {
    run(SessionWindows.of(10).grace(1000), Triggers.processingTime(), [
      ['a', 0],
      ['b', 8],
      ['clock', 10],
      ['clock', 8, 'ab@0-8 8'],
      ['clock', 100],
    ])
  })

  it('fires once at a record of a session whose end the clock has passed', () => {
    run(SessionWindows.of(10).grace(1000), Triggers.processingTime(), [
      ['clock', 50],
      ['a', 0],
      ['clock', 0, 'a@0-0 0'],
      ['b', 15],
      ['clock', 0, 'b@15-15 15'],
      ['c', 8],
      ['clock', 0, 'abc@0-15 15'],
      ['clock', 100],
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

  it('fires for windows and keys apart', () => {
    run(TumblingWindows.of(20), Triggers.continuousEventTime(10), [
      ['a', 3],
      ['b:c', 15, 'a@0-20 10'],
      ['b:d', 25, 'a@0-20 19', 'b:c@0-20 19'],
      ['drain', 0, 'b:d@20-40 30', 'b:d@20-40 39'],
    ])
  })

  it('fires at the end alone where the interval is longer than the window', () => {
    run(TumblingWindows.of(10).grace(100), Triggers.continuousEventTime(1000), [
      ['a', 3],
      ['b', 12, 'a@0-10 9'],
      ['drain', 0, 'b@10-20 19'],
    ])
  })

  it('fires no more once at the end, but at late records', () => {
    run(TumblingWindows.of(10).grace(100), Triggers.continuousEventTime(4), [
      ['a', 3],
      ['b', 70, 'a@0-10 4', 'a@0-10 8', 'a@0-10 9'],
      ['c', 3, 'ac@0-10 3'],
      ['d', 25, 'd@20-30 25'],
      ['drain', 0, 'b@70-80 72', 'b@70-80 76', 'b@70-80 79'],
    ])
  })

  it('fires for what has come in a session that goes on', () => {
    run(SessionWindows.of(30), Triggers.continuousEventTime(20), [
      ['a', 15],
      ['b', 5],
      ['b:c', 18],
      ['d', 22, 'abd@5-22 22', 'b:c@18-18 20'],
      ['e', 36],
      ['f', 42, 'abdef@5-42 42', 'b:c@18-18 40'],
    ])
  })

  it('fires next when the first of merged sessions was to, at an end, too, that it has outgrown', () => {
    run(SessionWindows.of(10), Triggers.continuousEventTime(1000), [
      ['a', 5],
      ['b', 9],
      ['c', 17, 'abc@5-17 17'],
      ['d', 40, 'abc@5-17 27'],
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

  it('fires when it was to where a session grows or two become one', () => {
    run(SessionWindows.of(10).grace(1000), Triggers.continuousProcessingTime(10), [
      ['a', 0],
      ['clock', 2],
      ['b', 3],
      ['clock', 8, 'ab@0-3 3'],
      ['clock', 2],
      ['c', 20],
      ['d', 12],
      ['clock', 7],
      ['clock', 1, 'abcd@0-20 20'],
      ['clock', 10, 'abcd@0-20 20'],
    ])
  })

  it('fires for windows and keys apart, after their end as before it', () => {
    run(TumblingWindows.of(10).grace(1000), Triggers.continuousProcessingTime(10), [
      ['a', 1],
      ['clock', 15, 'a@0-10 1'],
      ['b:c', 2],
      ['b', 11],
      ['clock', 5, 'a@0-10 9', 'b@10-20 11', 'b:c@0-10 9'],
    ])
  })
})
