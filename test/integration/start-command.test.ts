import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { processExists, readBrokerRecord } from '../../src/testing/kafka-broker/broker-record.js'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'

const LIMIT = 100_000

test('an interrupted run stops its broker and commits, and the next goes on where it stopped', async (t) => {
  const environment = { MILLRACE_DATA: await temporaryData(t) }
  const options = ['--limit', String(LIMIT), '--progress', 'json']
  await using first = new StartCommand([...options, '--speed', '1'], environment)
  await first.progress(({ recordsProcessed }) => Number(recordsProcessed) > 0)
  const broker = await readBrokerRecord(join(environment.MILLRACE_DATA, 'kafka'))
  first.kill('SIGINT')
  assert.equal(await first.exited, 0, first.stderr)
  assert.equal(processExists(broker!.pid), false)
  const before = first.summary
  assert.equal(before.complete, false)

  await using second = new StartCommand([...options, '--speed', 'max', '--exit'], environment)
  assert.equal(await second.exited, 0, second.stderr)
  const after = second.summary
  assert.equal(after.complete, true)
  assert.equal(Number(before.recordsProcessed) + Number(after.recordsProcessed), LIMIT)

  assert.ok(Number(after.windows) > 0)
  assert.ok((second.lines.at(-2)!.rows as unknown[]).length > 0)

  await rm(join(environment.MILLRACE_DATA, 'state'), { recursive: true })
  await using third = new StartCommand([...options], environment)
  const airports = await third.progress(
    ({ state, rows }) => state === 'running' && (rows as unknown[]).length > 0,
  )
  assert.equal(airports.recordsProcessed, 0)
  third.kill('SIGTERM')
  assert.equal(await third.exited, 0, third.stderr)
  assert.match(third.stderr, /^Restored [\d,]+ records from \d+ changelog partitions .* from the beginning/m)

  await using fresh = new StartCommand([...options, '--speed', 'max', '--exit', '--fresh'], environment)
  assert.equal(await fresh.exited, 0, fresh.stderr)
  assert.equal(fresh.summary.recordsProcessed, LIMIT)
})

test('a second start in the same project is refused and told of --worker', async (t) => {
  const environment = { MILLRACE_DATA: await temporaryData(t) }
  await using first = new StartCommand(['--progress', 'json'], environment)
  await first.progress(({ event }) => event === 'progress')
  await using second = new StartCommand([], environment)
  assert.equal(await second.exited, 2)
  assert.match(second.stderr, /^an application runs in this project already .* npm start -- --worker/)
  first.kill('SIGINT')
  assert.equal(await first.exited, 0)
})
