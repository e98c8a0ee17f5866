import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { StartCommand } from '../support/start-command.js'

test('a wrong option ends with exit code 2 and a sentence', async () => {
  await using command = new StartCommand(['--guarantee', 'perhaps'], {})
  assert.equal(await command.exited, 2)
  assert.equal(command.stderr, '--guarantee perhaps: give exactly_once or at_least_once\n')
  assert.equal(command.stdout, '')
})

test('an unknown topology ends with exit code 2 and the names of those that there are', async () => {
  await using command = new StartCommand(['train-delays'], {})
  assert.equal(await command.exited, 2)
  assert.match(command.stderr, /^there is no topology train-delays; topologies\/ has .*airport-delays/)
})

test('a worker without an application to join ends with exit code 2 and says what to do', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'millrace-main-test-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  await using command = new StartCommand(['--worker'], { MILLRACE_DATA: data })
  assert.equal(await command.exited, 2)
  assert.match(command.stderr, /^there is no running application to join .* KAFKA_BROKERS\n$/)
})

test('without Java one sentence says what to install', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'millrace-main-test-'))
  t.after(() => rm(data, { recursive: true, force: true }))
  await using command = new StartCommand([], { MILLRACE_DATA: data, JAVA_HOME: data })
  assert.equal(await command.exited, 1)
  assert.match(
    command.stderr,
    /^A local Kafka broker needs Java, .*install Java 17 or later.*KAFKA_BROKERS.*\n$/,
  )
})

test('--help prints the options', async () => {
  await using command = new StartCommand(['--help'], {})
  assert.equal(await command.exited, 0)
  assert.match(command.stdout, /--speed DAYS\|max/)
})
