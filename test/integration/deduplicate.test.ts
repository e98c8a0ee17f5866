import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import { deduplicated, deduplicatingTopology, repeated } from '../support/deduplicating.js'
import { Interception } from '../support/interception.js'
import { killedApplication } from '../support/run-killed-application.js'
import { TestApplication, warningsOf } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const PARTITIONS = 2
const GUARANTEES = ['exactly_once', 'at_least_once'] as const

type Guarantee = (typeof GUARANTEES)[number]

/** An application that commits often, and its topics. */
async function deduplicatingApplication(processingGuarantee: Guarantee) {
  const app = await TestApplication.create({ processingGuarantee, commitInterval: 50 })
  return { app, input: await app.topic('input', PARTITIONS), output: await app.topic('output', 1) }
}

/**
 * Asserts that each record has become what it is, a first one or one that is kept back: once, or, at_least_once, at least
 * once and some more often.
 */
async function assertDeduplicated(
  app: TestApplication,
  output: string,
  records: readonly TextRecord[],
  guarantee: Guarantee,
): Promise<void> {
  const found = (await app.client.read(output)).map(({ value }) => value!)
  const expected = records.map(({ value }) => deduplicated(value!))
  if (guarantee === 'exactly_once') assert.deepEqual(found.sort(), expected.sort())
  else {
    assert.deepEqual([...new Set(found)].sort(), expected.sort())
    assert.ok(found.length > expected.length, 'something was done again')
  }
}

describe('a record that was processed, and not committed, is no duplicate of itself', () => {
  for (const guarantee of GUARANTEES) {
    for (const state of ['kept', 'lost'] as const) {
      test(`after a kill with ${guarantee}, its state ${state}`, async () => {
        const { app, input, output } = await deduplicatingApplication(guarantee)
        await using _ = app
        const records = repeated(300)
        await app.client.write(input, records.slice(0, 200))
        const options = app.options({ sessionTimeout: '6s' })
        const killed = killedApplication({
          options,
          input,
          output,
          before: 'produced',
          commit: 2,
          runs: 'deduplicates',
        })
        const exit = once(killed, 'exit')
        await app.until('the first commit', async () =>
          (await app.committedOffsets(input)).some((committed) => committed !== undefined),
        )
        await app.client.write(input, records.slice(200, 400))
        assert.equal((await exit)[1], 'SIGKILL')
        if (state === 'lost') await app.deleteState()

        const successor = await app.started(deduplicatingTopology(input, output))
        await app.client.write(input, records.slice(400))
        await app.committed(input)
        await successor.close()
        await assertDeduplicated(app, output, records, guarantee)
      })
    }

    test(`after a commit that has failed with ${guarantee}`, async () => {
      const { app, input, output } = await deduplicatingApplication(guarantee)
      await using _ = app
      const records = repeated(200)
      await app.client.write(input, records.slice(0, 200))
      const streams = await app.started(deduplicatingTopology(input, output))
      const warnings = warningsOf(streams)
      await app.committed(input)
      using interception = new Interception()
      const api = guarantee === 'exactly_once' ? 'TxnOffsetCommit' : 'OffsetCommit'
      interception.once(api, {
        before: () => {
          throw new KafkaProtocolError(ErrorCode.ILLEGAL_GENERATION, api)
        },
      })
      await app.client.write(input, records.slice(200))
      await app.committed(input)
      await streams.close()
      assert.deepEqual(warnings, ['CommitFencedError'])
      await assertDeduplicated(app, output, records, guarantee)
    })
  }
})

test('what came within some time of the clock is remembered over a restart and the loss of the state', async () => {
  await using app = await TestApplication.create()
  const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
  const topology = deduplicatingTopology(input, output, 'processing')
  for (const [now, value] of [
    [0, 'x first'],
    [60_000, 'x again'],
    [60_001, 'x first'],
  ] as const) {
    await app.client.write(input, [{ key: 'a', value, timestamp: 0 }])
    const streams = app.streams(topology, {}, undefined, () => now)
    await streams.start()
    await app.committed(input)
    await streams.close()
    await app.deleteState()
  }
  const found = (await app.client.read(output)).map(({ value }) => value)
  assert.deepEqual(found, ['x first', 'x again: kept back', 'x first'])
})
