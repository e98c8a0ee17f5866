import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import type { KafkaStreams } from '../../src/index.js'
import { assertCounted, countingApplication, numbered } from '../support/counting.js'
import type { KillPoint } from '../support/killed-application.js'
import { killedApplication } from '../support/run-killed-application.js'
import type { TestApplication } from '../support/test-application.js'

const restoredAndRunning = (app: TestApplication, streams: KafkaStreams) =>
  app.until('it runs', () => streams.state === 'running')

describe('a client that is started again', () => {
  test('goes on at the committed offsets, and restores nothing after an orderly end', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const records = numbered(200)
    await app.client.write(input, records.slice(0, 120))
    const first = await app.started(topology)
    await app.committed(input)
    await first.close()

    await app.client.write(input, records.slice(120))
    const second = await app.started(topology)
    await app.committed(input)
    assert.equal(second.metrics().recordsRestored, 0)
    assert.equal(second.metrics().recordsProcessed, 80)
    await assertCounted(app, output, records)
  })

  test('commits on close what it has processed', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const records = numbered(100)
    await app.client.write(input, records)
    const first = await app.started(topology, {
      processingGuarantee: 'at_least_once',
      commitInterval: '1h',
    })
    await app.until('all is processed', () => first.metrics().recordsProcessed === 100)
    await first.close()
    assert.deepEqual(
      (await app.committedOffsets(input)).map((committed) => committed?.offset),
      await app.offsets(input, 'latest'),
    )
    await assertCounted(app, output, records)
  })

  test('restores everything from the changelogs where its state directory is gone', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const records = numbered(200)
    await app.client.write(input, records.slice(0, 120))
    const first = await app.started(topology)
    await app.committed(input)
    await first.close()
    await app.deleteState()

    await app.client.write(input, records.slice(120))
    const second = await app.started(topology)
    await app.committed(input)
    assert.ok(second.metrics().recordsRestored >= 10, 'one row a key at least')
    await assertCounted(app, output, records)
    const rows = await second.store<string, number>('counts').all()
    assert.deepEqual(
      rows.map(({ value }) => value),
      Array.from({ length: 10 }, () => 20),
    )
  })
})

describe('a process that is killed in a commit', { concurrency: true }, () => {
  const restoresDelta: Record<KillPoint, boolean> = {
    produced: false,
    'offsets-added': false,
    committed: true,
  }
  for (const before of ['produced', 'offsets-added', 'committed'] as const) {
    for (const commit of [1, 2]) {
      test(`number ${commit}, when it is ${before}: its successor counts every record once`, async () => {
        const { app, input, output, topology } = await countingApplication()
        await using _ = app
        const records = numbered(600)
        await app.client.write(input, records.slice(0, 200))
        // The group takes a killed member for dead after the session timeout only.
        const options = app.options({ sessionTimeout: '6s' })
        const killed = killedApplication({ options, input, output, before, commit })
        const exit = once(killed, 'exit')
        if (commit === 2) {
          await app.until('the first commit', async () =>
            (await app.committedOffsets(input)).some((committed) => committed !== undefined),
          )
        }
        await app.client.write(input, records.slice(200, 400))
        assert.equal((await exit)[1], 'SIGKILL')

        const successor = await app.started(topology)
        await restoredAndRunning(app, successor)
        const { recordsRestored } = successor.metrics()
        if (restoresDelta[before]) assert.ok(recordsRestored > 0 && recordsRestored <= 400)
        else assert.equal(recordsRestored, 0)
        await app.client.write(input, records.slice(400))
        await app.committed(input)
        await assertCounted(app, output, records)
      })
    }
  }
})
