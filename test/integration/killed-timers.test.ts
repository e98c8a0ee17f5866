import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { KafkaStreams } from '../../src/index.js'
import { FIRING_OPERATORS, firingRecords, firingTopology } from '../support/firing.js'
import type { KillPoint } from '../support/killed-application.js'
import { allCommitted, isWritten } from '../support/processed-all.js'
import { killedApplication } from '../support/run-killed-application.js'
import { TestApplication } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const PARTITIONS = 2
const CHUNK = 200
/** Where processes are killed one after the other, and whether the next one finds the state. */
const KILLS: readonly (readonly [before: KillPoint, state: 'kept' | 'lost'])[] = [
  ['produced', 'kept'],
  ['offsets-added', 'lost'],
  ['committed', 'kept'],
  ['committed', 'lost'],
]

type Results = ReadonlyMap<string, readonly string[]>

/** Has event time end, and waits until nothing is left to fire. */
async function fireAll(app: TestApplication, input: string, streams: KafkaStreams): Promise<void> {
  await app.committed(input)
  streams.drain()
  await app.until('everything has fired', () => {
    const { timers } = streams.metrics()
    const all = FIRING_OPERATORS.length * PARTITIONS
    return timers.length === all && timers.every(({ pending }) => pending === 0) && isWritten(streams)
  })
  await streams.close()
}

/** What comes of an input when nothing goes wrong. */
async function undisturbed(input: string): Promise<Results> {
  await using app = await TestApplication.create()
  const output = await app.topic('output', 1)
  await fireAll(app, input, await app.started(firingTopology(input, output)))
  return await app.valuesByKey(output)
}

/** The results whose keys begin with one of some words, in the order of their keys. */
const resultsOf = (results: Results, ...words: readonly string[]): [string, readonly string[]][] =>
  [...results]
    .filter(([key]) => words.includes(key.split(' ')[0]!))
    .sort(([left], [right]) => (left < right ? -1 : 1))

/** By the clock results are never the same: each record is in one batch of its key, in order, and is echoed once. */
function assertFiredByClock(results: Results, records: readonly TextRecord[]): void {
  const expected = new Map<string, string[]>()
  for (const { key, value } of records) expected.set(key!, [...(expected.get(key!) ?? []), value!])
  for (const [key, values] of expected) {
    const batches = (results.get(`batch ${key}`) ?? []).map((batch) => batch.split(' '))
    assert.deepEqual(batches.flat(), values, `the batches of ${key}`)
    assert.ok(batches.every((batch) => batch.length <= 5))
  }
  const numbers = (values: readonly (string | null)[]) => values.map(Number).sort((a, b) => a - b)
  assert.deepEqual(numbers(results.get('echo')!), numbers(records.map(({ value }) => value)))
}

test('triggers and timers fire once each, though processes are killed in each step of a commit', async () => {
  // Static members: a successor does not wait until the group takes the one before for dead.
  await using app = await TestApplication.create({ commitInterval: 50, groupInstanceId: 'member' })
  const [input, output] = [await app.topic('input', PARTITIONS), await app.topic('output', 1)]
  const records: TextRecord[] = []
  const publish = (): Promise<void> => {
    const chunk = firingRecords(records.length, records.length + CHUNK)
    records.push(...chunk)
    return app.client.write(input, chunk)
  }
  for (const [before, state] of KILLS) {
    const killed = killedApplication({
      options: app.options(),
      input,
      output,
      runs: 'fires',
      before,
      commit: 3,
    })
    const ended = once(killed, 'exit')
    const isDead = (): boolean => killed.exitCode !== null || killed.signalCode !== null
    const goesOn = async () => isDead() || (await allCommitted(app.client, app.applicationId, [input]))
    while (!isDead()) {
      await publish()
      await app.until('it has committed, or is killed', goesOn)
    }
    assert.equal((await ended)[1], 'SIGKILL')
    if (state === 'lost') await app.deleteState()
  }

  const successor = await app.started(firingTopology(input, output))
  await publish()
  await fireAll(app, input, successor)
  const results = await app.valuesByKey(output)
  const inEventTime = resultsOf(results, 'second', 'silence')
  assert.deepEqual(inEventTime, resultsOf(await undisturbed(input), 'second', 'silence'))
  assert.ok(resultsOf(results, 'silence').length > 10)
  assertFiredByClock(results, records)
})
