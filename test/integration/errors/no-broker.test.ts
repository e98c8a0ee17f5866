import assert from 'node:assert/strict'
import { freePort } from '../../../src/testing/local-server/free-port.js'
import { ownBroker } from '../../support/broker.js'
import { assertCounted, countingTopology, numbered } from '../../support/counting.js'
import { assertRow, situation } from '../../support/error-table.js'
import { startFailureOf, warningsOfCode } from '../../support/failure.js'
import { TestApplication } from '../../support/test-application.js'

situation('no broker at the start', async (row) => {
  const port = await freePort()
  const app = await TestApplication.create({ cacheMaxBytes: 0 }, [`127.0.0.1:${port}`])
  await using _ = app
  const topology = countingTopology('input', 'output')
  const streams = app.streams(topology)
  const warnings = warningsOfCode(streams, 'BROKER_UNREACHABLE')
  const error = await startFailureOf(streams)
  assertRow(error, row)
  assert.ok(error.message.includes(`127.0.0.1:${port} (option brokers)`))
  assert.ok(warnings.length > 1, 'told again while it lasts')
  await using broker = await ownBroker({ port, heapMb: 512 })
  assert.deepEqual(broker.brokers, app.brokers)
  await app.client.create('input', 1)
  await app.client.create('output', 1)
  await app.client.write('input', numbered(20))
  await app.started(topology)
  await app.committed('input')
  await assertCounted(app, 'output', numbered(20))
})
