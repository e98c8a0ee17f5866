import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'

const texts = { key: string(), value: string() }
const ROWS = 2500
const rows = Array.from({ length: ROWS }, (_, at) => `row${String(at).padStart(5, '0')}`)

function topologyOf() {
  const builder = new StreamsBuilder()
  const left = builder.table<string, string>('l', { ...texts, store: 'left' })
  const right = builder.table<string, string>('r', { ...texts, store: 'right' })
  left
    .join(
      right,
      (value) => value,
      (_, other) => other,
    )
    .toStream()
    .to('out', texts)
  return builder.build()
}

/** Very many rows that refer to one row, and one that refers to another. */
function subscribeAll(driver: VectorDriver): void {
  const left = driver.createInputTopic('l', texts)
  for (const row of rows) left.pipe(row, 'A', { timestamp: 1 })
  left.pipe('other', 'B', { timestamp: 1 })
}

const outOf = (driver: VectorDriver): string[] =>
  driver
    .createOutputTopic('out', texts)
    .readAll()
    .map(({ key, value, timestamp }) => `${key} ${value} ${timestamp}`)

const changes = [
  ['A', 'one', 2],
  ['A', 'two', 3],
  ['A', null, 4],
  ['B', 'end', 9],
] as const

const expected = [
  ...['one 2', 'two 3', 'null 4'].flatMap((result) => rows.map((row) => `${row} ${result}`)),
  'other end 9',
]

describe('a change of a row that very many refer to', () => {
  it('is told to each of them, in order of their keys', () => {
    using driver = new TopologyTestDriver(topologyOf())
    subscribeAll(driver)
    for (const [key, value, timestamp] of changes) {
      driver.createInputTopic('r', texts).pipe(key, value, { timestamp })
    }
    assert.deepEqual(outOf(driver), expected)
  })

  for (const lost of [false, true]) {
    it(`is told to each once where the task begins again in between${lost ? ' and its state is lost' : ''}`, async () => {
      const driver = new RestartingDriver(topologyOf(), {}, lost)
      subscribeAll(driver)
      driver.drain()
      const records = driver.steps
      for (const [key, value, timestamp] of changes) {
        driver.createInputTopic('r', texts).pipe(key, value, { timestamp })
        await driver.finish()
        driver.drain()
      }
      assert.deepEqual(outOf(driver), expected)
      // A step for each change and answer, and one more for each change that is told to more than two thousand.
      assert.equal(driver.steps - records, changes.length + expected.length + 3)
    })
  }
})
