import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import type { Topology } from '../../src/topology/topology.js'
import { JoinWindows } from '../../src/windows/join-windows.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'

const texts = { key: string(), value: string() }
const KEYS = 1250
const keys = Array.from({ length: KEYS }, (_, at) => `key${String(at).padStart(5, '0')}`)

const plus = (left: string | null, right: string | null): string => `${left}+${right}`

function topologyOf(joiner = plus): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('l', texts)
    .outerJoin(builder.stream('r', texts), joiner, JoinWindows.of(10), { name: 'both' })
    .to('out', { value: string() })
  return builder.build()
}

/** Records of both streams that meet none, and one that ends their windows; gives what comes out. */
async function endAll(driver: VectorDriver): Promise<string[]> {
  const [left, right] = [driver.createInputTopic('l', texts), driver.createInputTopic('r', texts)]
  for (const key of keys) left.pipe(key, 'left', { timestamp: 20 })
  for (const key of keys) right.pipe(`other ${key}`, 'right', { timestamp: 20 })
  await driver.settle()
  left.pipe('ends', 'x', { timestamp: 100 })
  await driver.settle()
  const results = driver.createOutputTopic('out', texts).readAll()
  return results.map(({ key, value, timestamp }) => `${timestamp} ${key} ${value}`)
}

const expected = [
  ...keys.map((key) => `20 other ${key} null+right`),
  ...keys.map((key) => `20 ${key} left+null`),
]

describe('records that meet none', () => {
  it('come in order, however many windows end at once', async () => {
    using driver = new TopologyTestDriver(topologyOf())
    assert.deepEqual(await endAll(driver), expected)
  })

  for (const lost of [false, true]) {
    const how = lost ? ' and its state is lost' : ''
    it(`come once each where the task begins again in between${how}`, async () => {
      const driver = new RestartingDriver(topologyOf(), {}, lost)
      assert.deepEqual(await endAll(driver), expected)
      // A thousand at most in each step; the first is that of the record.
      assert.equal(driver.steps, 2 * KEYS + 1 + Math.floor((2 * KEYS) / 1000))
    })
  }

  it('are all handed on before the other side of the same record is looked at', () => {
    const builder = new StreamsBuilder()
    const stream = builder.stream('both', texts)
    const [left, right] = ['left', 'right'].map((side) => stream.mapValues(() => side))
    // A record does not meet itself.
    const later = JoinWindows.of(0).after(5).before(-1)
    left!.outerJoin(right!, plus, later, { ...texts, otherValue: string() }).to('out', { value: string() })
    using driver = new TopologyTestDriver(builder.build())
    const both = driver.createInputTopic('both', texts)
    for (const key of keys) both.pipe(key, 'x', { timestamp: 20 })
    both.pipe('ends', 'x', { timestamp: 100 })
    const results = driver.createOutputTopic('out', texts).readKeyValues()
    // Behind all of them the last record as the right one, whose window is over at once.
    assert.deepEqual(results.pop(), ['ends', 'null+right'])
    assert.equal(results.length, 2 * KEYS)
    assert.equal(new Set(results.map(([key, value]) => `${key} ${value}`)).size, 2 * KEYS)
  })

  it('are left out one by one where their joiner fails and the application goes on', async () => {
    const failing = (left: string | null, right: string | null) => {
      if (left === null) throw new Error('no left')
      return plus(left, right)
    }
    using driver = new TopologyTestDriver(topologyOf(failing), { processingExceptionHandler: 'continue' })
    assert.deepEqual(await endAll(driver), expected.slice(KEYS))
    assert.deepEqual([...driver.droppedRecords], [['both-outer-this-join: processing-error', KEYS]])
  })

  it('are not lost where the joiner fails for another of their key and time', () => {
    const failing = (left: string | null, right: string | null) => {
      if (left === 'bad') throw new Error('bad')
      return plus(left, right)
    }
    using driver = new TopologyTestDriver(topologyOf(failing), { processingExceptionHandler: 'continue' })
    const left = driver.createInputTopic('l', texts)
    for (const value of ['good', 'bad', 'better']) left.pipe('a', value, { timestamp: 0 })
    left.pipe('b', 'ends', { timestamp: 100 })
    const results = driver.createOutputTopic('out', texts).readKeyValues()
    assert.deepEqual(results, [
      ['a', 'good+null'],
      ['a', 'better+null'],
    ])
  })

  it('fail the application where their joiner does', async () => {
    const failing = (left: string | null, right: string | null) => {
      if (right === null && left === 'left') throw new Error('no right')
      return plus(left, right)
    }
    using driver = new TopologyTestDriver(topologyOf(failing))
    await assert.rejects(endAll(driver), /operator both-outer-this-join failed.*no right/)
  })
})

describe('a left join', () => {
  const left = (windows: JoinWindows) => {
    const builder = new StreamsBuilder()
    builder
      .stream('l', texts)
      .leftJoin(builder.stream('r', texts), plus, windows)
      .to('out', { value: string() })
    return new TopologyTestDriver(builder.build())
  }

  it('hands on what met none before what the record brings that ends its window', () => {
    using driver = left(JoinWindows.of(10))
    const [l, r] = [driver.createInputTopic('l', texts), driver.createInputTopic('r', texts)]
    l.pipe('a', '1', { timestamp: 0 })
    l.pipe('b', '2', { timestamp: 9 })
    r.pipe('b', '3', { timestamp: 11 })
    assert.deepEqual(driver.createOutputTopic('out', texts).readKeyValues(), [
      ['a', '1+null'],
      ['b', '2+3'],
    ])
  })

  it('joins records of one key and time each with each', () => {
    using driver = left(JoinWindows.of(0))
    const [l, r] = [driver.createInputTopic('l', texts), driver.createInputTopic('r', texts)]
    for (const value of ['1', '2']) l.pipe('a', value, { timestamp: 5 })
    for (const value of ['3', '4']) r.pipe('a', value, { timestamp: 5 })
    assert.deepEqual(
      driver
        .createOutputTopic('out', texts)
        .readAll()
        .map(({ value }) => value),
      ['1+3', '2+3', '1+4', '2+4'],
    )
  })
})
