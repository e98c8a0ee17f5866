import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  GlobalWindows,
  HoppingWindows,
  SessionWindows,
  StreamsBuilder,
  string,
  Triggers,
  TumblingWindows,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { concatenated, grouped, MONOTONOUS, run, shown, texts } from './trigger-steps.js'

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
})
