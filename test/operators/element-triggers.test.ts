import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  GlobalWindows,
  HoppingWindows,
  SessionWindows,
  StreamsBuilder,
  string,
  type Trigger,
  type TriggerContext,
  type TriggerResult,
  Triggers,
  TumblingWindows,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { concatenated, grouped, MONOTONOUS, run, shown, texts, topologyOf } from './trigger-steps.js'

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

  it('counts in windows and keys apart', () => {
    run(TumblingWindows.of(10).grace(100), Triggers.count(3), [
      ['a', 1],
      ['b', 11],
      ['b:x', 1],
      ['c', 2],
      ['d', 3, 'acd@0-10 3'],
      ['e', 12],
      ['f', 13, 'bef@10-20 13'],
      ['b:y', 2],
      ['b:z', 3, 'b:xyz@0-10 3'],
    ])
  })

  it('counts on what is late, and hands on nothing of what is left', () => {
    run(TumblingWindows.of(10).grace(5), Triggers.count(2), [
      ['a', 1],
      ['b', 12],
      ['c', 2, 'ac@0-10 2'],
      ['d', 3],
      ['e', 20],
      ['drain', 0],
    ])
  })

  it('counts in sessions that stay apart, and begins anew in each that has fired', () => {
    run(SessionWindows.of(5).grace(100), Triggers.count(3), [
      ['a', 0],
      ['b', 8],
      ['c', 16],
      ['d', 4, 'abd@0-8 8'],
      ['e', 17],
      ['f', 18, 'cef@16-18 18'],
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

  it('compares in windows and keys apart, and does not fire at the threshold', () => {
    const distance = (last: string, value: string): number => Math.abs(Number(value) - Number(last))
    run(TumblingWindows.of(10).grace(100), Triggers.delta(3, distance, { value: string() }), [
      ['5', 1],
      ['0', 11],
      ['b:9', 1],
      ['2', 2],
      ['1', 3, '521@0-10 3'],
      ['4', 4],
      ['4', 12, '04@10-20 12'],
      ['b:5', 2, 'b:95@0-10 2'],
    ])
  })

  it('is not for sessions', () => {
    const trigger = Triggers.delta(3, () => 0, { value: string() })
    assert.throws(() => topologyOf(SessionWindows.of(5), trigger), /its trigger does not merge what it keeps/)
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

  it('purges when the other trigger fires, and follows it otherwise', () => {
    const results: readonly TriggerResult[] = ['continue', 'fire', 'purge', 'fireAndPurge']
    for (const result of results) {
      const expected = result === 'fire' ? 'fireAndPurge' : result
      const asked: string[] = []
      const note = <R>(what: string, answer: R): R => {
        asked.push(what)
        return answer
      }
      const other: Trigger<string, number> = {
        onElement: () => note('onElement', result),
        onEventTime: () => note('onEventTime', result),
        onProcessingTime: () => note('onProcessingTime', result),
        onMerge: () => note('onMerge', undefined),
        clear: () => note('clear', undefined),
      }
      const purging = Triggers.purging(other)
      const context = {} as TriggerContext<number>
      assert.equal(purging.onElement('a', 1, context), expected)
      assert.equal(purging.onEventTime(1, context), expected)
      assert.equal(purging.onProcessingTime(1, context), expected)
      purging.onMerge!([], context)
      purging.clear!(context)
      assert.deepEqual(asked, ['onElement', 'onEventTime', 'onProcessingTime', 'onMerge', 'clear'])
    }
  })

  it('merges where the other trigger does', () => {
    const distance = (): number => 0
    assert.equal(Triggers.purging(Triggers.delta(1, distance, { value: string() })).onMerge, undefined)
  })

  it('leaves a session there that it has purged, for what comes next', () => {
    run(SessionWindows.of(3).grace(100), Triggers.purging(Triggers.count(4)), [
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3, 'abcd@0-3 3'],
      ['e', 5],
      ['f', 9],
      ['g', 10],
      // Those of both sessions, of which one has handed on what it had.
      ['h', 7, 'efgh@0-10 10'],
    ])
  })
})

describe('Triggers.never', () => {
  it('is the default of global windows', () => {
    const builder = new StreamsBuilder()
    shown(grouped(builder, MONOTONOUS).windowedBy(GlobalWindows.of()).reduce(concatenated)).to('out', texts)
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('in', texts).pipe('a', 'a', { timestamp: 1 })
    driver.drain()
    assert.deepEqual(driver.createOutputTopic('out', texts).readAll(), [])
  })

  it('hands on nothing of windows that end, either', () => {
    run(TumblingWindows.of(10), Triggers.never(), [
      ['a', 1],
      ['b', 20],
      ['clock', 100],
      ['drain', 0],
    ])
  })
})
