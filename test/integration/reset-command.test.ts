import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { numbered } from '../support/counting.js'
import { MillraceCommand } from '../support/millrace-command.js'
import { TestApplication } from '../support/test-application.js'
import { uniqueName } from '../support/unique-name.js'
import { until } from '../support/until.js'

describe('what the command does with an application', () => {
  let app: TestApplication
  let input: string
  let output: string
  let changelog: string

  before(async () => {
    app = await TestApplication.create()
    input = await app.topic('input', 2)
    output = await app.topic('output', 1)
    changelog = app.internalTopic('counts-changelog')
  })
  after(() => app[Symbol.asyncDispose]())

  const asked = (command: string, args: readonly string[] = [], source = input): MillraceCommand => {
    const module = new URL('../support/topologies/counting-module.js', import.meta.url)
    module.search = new URLSearchParams({ input: source, output }).toString()
    return new MillraceCommand([command, module.href, ...args], {
      MILLRACE_APPLICATION_ID: app.applicationId,
      MILLRACE_BROKERS: app.brokers.join(','),
      MILLRACE_STATE_DIR: app.directory,
      MILLRACE_HTTP_PORT: '0',
      MILLRACE_CACHE_MAX_BYTES: '0',
    })
  }
  /** What a command that ends says, with blanks as one. */
  const said = async (command: MillraceCommand, code: number): Promise<string> => {
    await using _ = command
    assert.equal(await command.exited, code, command.stdout + command.stderr)
    return (command.stdout + command.stderr).replaceAll(/ +/g, ' ')
  }

  test('topics: says what will be created, and what is missing', async () => {
    const before = await said(asked('topics'), 0)
    assert.ok(before.includes(`${input} source 2 exists\n`), before)
    assert.ok(before.includes(`${output} output 1 exists\n`), before)
    assert.match(
      before,
      new RegExp(`^${changelog} changelog 2 created at the start .*cleanup.policy=compact`, 'm'),
    )
    const missing = uniqueName('missing')
    const without = await said(asked('topics', [], missing), 3)
    assert.ok(without.includes(`${missing} source ? missing: create it before the start\n`), without)
    assert.match(without, new RegExp(`^${changelog} changelog \\? created at the start`, 'm'))
  })

  test('reset: refuses while it runs, shows what it would delete, deletes it, and all is counted again', async () => {
    const processed = async (): Promise<void> => {
      await using command = asked('run')
      await app.committed(input)
      command.kill('SIGTERM')
      assert.equal(await command.exited, 0, command.stdout)
    }
    await app.client.write(input, numbered(10))
    await processed()
    assert.equal((await app.client.read(output)).length, 10)
    const exists = await said(asked('topics'), 0)
    assert.match(exists, new RegExp(`^${changelog} changelog 2 exists$`, 'm'))

    const state = join(app.directory, app.applicationId)
    const unknown = app.internalTopic('former-changelog')
    await app.client.create(unknown, 1)
    const listed = await said(asked('reset'), 0)
    assert.equal(
      listed,
      [
        'To be deleted, so that the application begins anew:',
        ` group ${app.applicationId}, with its committed offsets`,
        ` topic ${changelog}`,
        ` state ${state}, on this machine`,
        'Not deleted, since the topology does not have them: they are of a former one, or of another application:',
        ` topic ${unknown}`,
        'Nothing is deleted yet: add --execute.',
        '',
      ].join('\n'),
    )
    assert.ok(existsSync(state))
    assert.ok((await app.committedOffsets(input)).some((committed) => committed !== undefined))

    await using running = asked('run')
    await until('it is ready', async () => (await running.get('/readyz')).status === 200)
    for (const args of [[], ['--execute']]) {
      const refused = await said(asked('reset', args), 6)
      assert.match(refused, new RegExp(`^group ${app.applicationId} has members \\(.* on 127\\.0\\.0\\.1\\)`))
    }
    running.kill('SIGTERM')
    assert.equal(await running.exited, 0, running.stdout)

    assert.match(await said(asked('reset', ['--execute']), 0), /^Deleted\.$/m)
    assert.ok(!existsSync(state))
    const left = await app.client.admin.describeTopics([changelog, unknown, input, output])
    assert.deepEqual([...left.keys()].sort(), [input, output, unknown].sort())
    assert.deepEqual(await app.committedOffsets(input), [undefined, undefined])

    await processed()
    assert.equal((await app.client.read(output)).length, 20)
  })
})
