import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GlobalWindows, SessionWindows, string, Triggers, TumblingWindows } from '../../src/index.js'
import { run, topologyOf } from './trigger-steps.js'

const distance = (last: string, value: string): number => value.charCodeAt(0) - last.charCodeAt(0)

describe('Triggers.processingTimeout', () => {
  it('fires a time after the first record that has not been handed on, and counts anew then', () => {
    run(GlobalWindows.of(), Triggers.processingTimeout(Triggers.count(3), 50), [
      ['a', 0],
      ['clock', 40],
      ['b', 1],
      ['clock', 9],
      ['clock', 1, 'ab@0-... 1'],
      ['clock', 100],
      ['c', 2],
      ['clock', 49],
      ['d', 3],
      ['clock', 1, 'abcd@0-... 3'],
    ])
  })

  it('fires when the other trigger does, and not once more when the time is up', () => {
    run(GlobalWindows.of(), Triggers.processingTimeout(Triggers.count(3), 50), [
      ['a', 0],
      ['clock', 20],
      ['b', 1],
      ['c', 2, 'abc@0-... 2'],
      ['clock', 45],
      ['d', 3],
      ['clock', 49],
      ['clock', 1, 'abcd@0-... 3'],
    ])
  })

  it('is put off by each record where it is to be renewed', () => {
    run(GlobalWindows.of(), Triggers.processingTimeout(Triggers.count(3), 50, { renew: true }), [
      ['a', 0],
      ['clock', 10],
      ['b', 1],
      ['clock', 40],
      ['clock', 10, 'ab@0-... 1'],
      ['c', 2],
      ['d', 3],
      ['e', 4, 'abcde@0-... 4'],
      ['clock', 100],
    ])
  })

  it('has the other trigger begin anew when the time is up', () => {
    const jumps = Triggers.delta(2, distance, { value: string() })
    run(GlobalWindows.of(), Triggers.processingTimeout(jumps, 50), [
      ['a', 0],
      ['clock', 50, 'a@0-... 0'],
      ['h', 1],
      ['i', 2],
      ['k', 3, 'ahik@0-... 3'],
    ])
  })

  it('waits for windows and keys apart, and no more for a window that is gone', () => {
    run(TumblingWindows.of(10).grace(10), Triggers.processingTimeout(Triggers.count(5), 50), [
      ['a', 1],
      ['clock', 20],
      ['b', 11],
      ['b:x', 2],
      ['clock', 30, 'a@0-10 9'],
      ['c', 35],
      ['clock', 20],
      ['clock', 30, 'c@30-40 35'],
    ])
  })

  it('has timers of the other trigger fire when that one says so alone', () => {
    const atEnd = Triggers.processingTimeout(Triggers.eventTime({ early: Triggers.count(2) }), 50)
    run(TumblingWindows.of(10).grace(20), atEnd, [
      ['a', 1],
      ['b', 12, 'a@0-10 9'],
      ['clock', 40],
      ['c', 3, 'ac@0-10 3'],
      ['clock', 10, 'b@10-20 12'],
      ['d', 19],
      // Nothing is left for the end.
      ['clock', 60, 'bd@10-20 19'],
      ['e', 30],
      ['drain', 0, 'e@30-40 39'],
    ])
  })

  it('purges at both where purging is around it, at that of the other trigger where it is within', () => {
    run(GlobalWindows.of(), Triggers.purging(Triggers.processingTimeout(Triggers.count(2), 50)), [
      ['a', 0],
      ['clock', 50, 'a@0-... 0'],
      ['b', 1],
      ['c', 2, 'bc@0-... 2'],
      ['clock', 100],
    ])
    run(GlobalWindows.of(), Triggers.processingTimeout(Triggers.purging(Triggers.count(2)), 50), [
      ['a', 0],
      ['clock', 50, 'a@0-... 0'],
      ['b', 1],
      ['c', 2, 'abc@0-... 2'],
      ['d', 3],
      ['clock', 50, 'd@0-... 3'],
    ])
    const clock = Triggers.purging(Triggers.continuousProcessingTime(50))
    run(GlobalWindows.of(), Triggers.processingTimeout(clock, 50), [
      ['a', 0],
      ['clock', 50, 'a@0-... 0'],
      ['b', 1],
      ['clock', 50, 'b@0-... 1'],
    ])
  })

  it('fires for sessions that become one when the first of them was to', () => {
    run(SessionWindows.of(5).grace(1000), Triggers.processingTimeout(Triggers.count(4), 50), [
      ['a', 0],
      ['clock', 10],
      ['b', 8],
      ['clock', 10],
      ['c', 4],
      ['clock', 30, 'abc@0-8 8'],
      ['clock', 10],
      ['d', 9],
      ['e', 10],
      ['clock', 49],
      ['clock', 1, 'abcde@0-10 10'],
    ])
    const jumps = Triggers.processingTimeout(Triggers.delta(2, distance, { value: string() }), 50)
    assert.throws(() => topologyOf(SessionWindows.of(5), jumps), /its trigger does not merge what it keeps/)
  })

  it('refuses a timeout that is none', () => {
    assert.throws(() => Triggers.processingTimeout(Triggers.count(1), 0), /Triggers.processingTimeout/)
  })
})
