import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ownBroker } from '../support/broker.js'
import { assertCounted, countingApplication, numbered } from '../support/counting.js'
import { Interception } from '../support/interception.js'
import { warningsOf } from '../support/test-application.js'

for (const version of [1, 2]) {
  test(`a transaction that the broker aborts for its age is made again (transactions v${version})`, async () => {
    await using broker = await ownBroker({
      features: { 'transaction.version': version },
      properties: { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': 100 },
    })
    const { app, input, output, topology } = await countingApplication(
      { transactionTimeout: '1s' },
      { brokers: broker.brokers },
    )
    await using _ = app
    using interception = new Interception()
    const records = numbered(100)
    await app.client.write(input, records.slice(0, 50))
    const streams = await app.started(topology)
    const warnings = warningsOf(streams)
    await app.committed(input)
    interception.once('EndTxn', {
      before: () =>
        app.until('the transaction is aborted', async () => {
          const [end] = await app.offsets(output, 'latest')
          const [stable] = await app.offsets(output, 'stable')
          return end === stable
        }),
    })
    await app.client.write(input, records.slice(50))
    await app.committed(input)
    await assertCounted(app, output, records)
    assert.equal(warnings.length, 1)
  })
}

test('a broker that is away for a while costs nothing but time', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-broker-'))
  let broker = await ownBroker({ dataDir })
  try {
    const { app, input, output, topology } = await countingApplication({}, { brokers: broker.brokers })
    await using _ = app
    const records = numbered(400)
    await app.client.write(input, records.slice(0, 200))
    const streams = await app.started(topology)
    await app.until('something is committed', () => streams.metrics().commits > 0)
    await app.client.write(input, records.slice(200, 300))
    const { port } = broker
    await broker.stop()
    broker = await ownBroker({ dataDir, port })
    await app.client.write(input, records.slice(300))
    await app.committed(input)
    await assertCounted(app, output, records)
  } finally {
    await broker.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})
