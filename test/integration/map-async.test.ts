import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { askingTopology } from '../support/asking.js'
import { numbered } from '../support/counting.js'
import { killedApplication } from '../support/run-killed-application.js'
import { TestApplication } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const PARTITIONS = 2

async function assertAnswered(app: TestApplication, output: string, records: readonly TextRecord[]) {
  const expected = new Map<string, string[]>()
  for (const { key, value } of records) {
    expected.set(key!, [...(expected.get(key!) ?? []), `answer to ${value}`])
  }
  const sorted = (values: ReadonlyMap<string, string[]>) =>
    [...values].sort(([left], [right]) => (left < right ? -1 : 1))
  assert.deepEqual(sorted(await app.valuesByKey(output)), sorted(expected))
}

describe('what is in flight when a process is killed', () => {
  for (const [before, state] of [
    ['offsets-added', 'kept'],
    ['committed', 'kept'],
    ['committed', 'lost'],
  ] as const) {
    test(`is asked again by its successor: killed before ${before}, its state ${state}`, async () => {
      await using app = await TestApplication.create()
      const input = await app.topic('input', PARTITIONS)
      const output = await app.topic('output', 1)
      const records = numbered(3000, { keys: 100 })
      await app.client.write(input, records.slice(0, 2000))
      const options = app.options({ sessionTimeout: '6s' })
      const killed = killedApplication({ options, input, output, runs: 'asks', before, commit: 3 })
      assert.equal((await once(killed, 'exit'))[1], 'SIGKILL')
      if (state === 'lost') await app.deleteState()

      const successor = await app.started(askingTopology(input, output))
      await app.until('it runs', () => successor.state === 'running')
      await app.client.write(input, records.slice(2000))
      await app.committed(input)
      await app.until('all is answered', () => successor.metrics().lag === 0)
      const asked = successor.metrics().asyncCalls.reduce((sum, { attempts }) => sum + attempts, 0)
      await successor.close()
      const answers = await app.client.read(output)
      assert.ok(asked > 1000, `the last 1000 records and what was in flight, ${asked} calls`)
      assert.equal(answers.length, records.length)
      await assertAnswered(app, output, records)
    })
  }

  test('goes to the process that takes a task over, and comes back', async () => {
    await using app = await TestApplication.create()
    const input = await app.topic('input', PARTITIONS)
    const output = await app.topic('output', 1)
    const records = numbered(4000, { keys: 100 })
    await app.client.write(input, records)
    const first = await app.started(askingTopology(input, output))
    const second = await app.started(askingTopology(input, output), {}, 'second')
    await app.until('both have a task', () =>
      [first, second].every((streams) => streams.state === 'running' && streams.metrics().tasks.length === 1),
    )
    await second.close()
    await app.committed(input)
    await app.until('all is answered', () => first.metrics().lag === 0)
    await first.close()
    await assertAnswered(app, output, records)
  })
})
