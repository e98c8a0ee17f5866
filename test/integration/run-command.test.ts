import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { numbered } from '../support/counting.js'
import { FaultProxy } from '../support/fault-proxy.js'
import { MillraceCommand } from '../support/millrace-command.js'
import { TestApplication } from '../support/test-application.js'
import { uniqueName } from '../support/unique-name.js'
import { until } from '../support/until.js'

const RECORDS = 1000

describe('millrace run', () => {
  let app: TestApplication
  let input: string
  let output: string

  before(async () => {
    app = await TestApplication.create()
    input = await app.topic('input', 2)
    output = await app.topic('output', 1)
  })
  after(() => app[Symbol.asyncDispose]())

  /** The command for the counting topology. */
  const running = (
    args: readonly string[] = [],
    { refuse, brokers = app.brokers }: { refuse?: string; brokers?: readonly string[] } = {},
  ): MillraceCommand => {
    const module = new URL('../support/topologies/counting-module.js', import.meta.url)
    module.search = new URLSearchParams({ input, output, ...(refuse && { refuse }) }).toString()
    return new MillraceCommand(['run', module.href, '--cache-max-bytes', '0', ...args], {
      MILLRACE_APPLICATION_ID: app.applicationId,
      MILLRACE_BROKERS: brokers.join(','),
      MILLRACE_STATE_DIR: join(app.directory, 'command'),
      MILLRACE_HTTP_PORT: '0',
    })
  }
  const ready = async (command: MillraceCommand): Promise<void> =>
    until('it is ready', async () => (await command.get('/readyz')).status === 200)

  test('runs until a signal comes, tells how it fares, and has committed everything', async () => {
    await using command = running(['--threads', '2', '--feed-stores', 'counts'])
    await ready(command)
    const records = numbered(RECORDS)
    await app.client.write(input, records)
    await until('all is processed', async () => {
      const metrics = await (await command.get('/metrics')).text()
      const processed = [...metrics.matchAll(/^millrace_thread_records_processed_total\{.*\} (\d+)$/gm)]
      return processed.reduce((sum, [, count]) => sum + Number(count), 0) === RECORDS
    })
    const health = await command.get('/healthz')
    assert.equal(health.status, 200)
    const { threads, stalled } = (await health.json()) as { threads: { tasks: string[] }[]; stalled: unknown }
    assert.deepEqual(threads.flatMap(({ tasks }) => tasks).sort(), ['0_0', '0_1'])
    assert.deepEqual(stalled, [])
    assert.match(await (await command.get('/topology')).text(), /^Topologies:/)

    const feed = await command.get('/feed/counts')
    assert.match(feed.headers.get('content-type') ?? '', /^text\/event-stream/)
    await feed.body?.cancel()
    assert.equal((await command.get('/feed/other')).status, 404)

    command.kill('SIGTERM')
    assert.equal(await command.exited, 0, command.stdout + command.stderr)
    await app.committed(input)
    assert.equal((await app.client.read(output)).length, RECORDS)

    const states = command.lines.flatMap(({ event, state }) => (event === 'state' ? [state] : []))
    assert.equal(states[0], 'rebalancing')
    assert.deepEqual(states.slice(-3), ['running', 'pending-shutdown', 'not-running'])
    const assigned = command.lines.flatMap(({ event, kind, changed }) =>
      event === 'rebalance' && kind === 'assigned' ? (changed as string[]) : [],
    )
    assert.deepEqual([...new Set(assigned)].sort(), ['0_0', '0_1'])
    for (const line of command.lines) assert.equal(line.application, app.applicationId)
    assert.deepEqual(command.lines.at(-1), {
      ...command.lines.at(-1),
      level: 'info',
      event: 'stopped',
      recordsProcessed: RECORDS,
    })
    assert.equal(command.stderr, '')
  })

  for (const threads of ['1', '2']) {
    test(`stops at a record that a function fails on, and says where, not what: ${threads} threads`, async () => {
      const refuse = `secret-${threads}`
      const before = await app.offsets(input, 'latest')
      await app.client.write(input, [{ key: 'key', value: refuse, timestamp: 1 }])
      const after = await app.offsets(input, 'latest')
      const partition = after.findIndex((end, at) => end > before[at]!)
      const offset = before[partition]!
      await using command = running(['--threads', threads], { refuse })
      assert.equal(await command.exited, 1, command.stdout + command.stderr)
      const failed = command.lines.find(({ event }) => event === 'failed')
      const place = { operator: 'check', task: `0_${partition}`, topic: input, partition, offset }
      const { msg, cause, ...fields } = failed!
      assert.deepEqual(fields, { ...fields, level: 'fatal', code: 'PROCESSING', ...place })
      assert.equal(msg, `operator check failed at topic ${input}, partition ${partition}, offset ${offset}`)
      assert.equal((cause as { error: string }).error, 'TypeError')
      assert.ok(!command.stdout.includes('is refused'), command.stdout)

      await using telling = running(['--threads', threads, '--log-values', 'true'], { refuse })
      assert.equal(await telling.exited, 1)
      assert.ok(telling.stdout.includes(`${refuse} is refused`), telling.stdout)

      // Nobody minds it from here on.
      await using through = running()
      await until('it is committed', async () => {
        const committed = await app.committedOffsets(input)
        return Number(committed[partition]?.offset) > offset
      })
      through.kill('SIGINT')
      assert.equal(await through.exited, 0)
    })
  }

  test('says why it does not start', async () => {
    await using command = running([], { refuse: '', brokers: [] })
    assert.equal(await command.exited, 2)
    assert.match(command.stderr, /^option brokers is missing/)
    await using other = running(['--http-host', '192.0.2.1'])
    assert.equal(await other.exited, 3, other.stdout)
    const { code, event } = other.lines.at(-1)!
    assert.deepEqual({ code, event }, { code: 'HTTP_LISTEN', event: 'not-started' })
  })

  /** A command that waits for an answer to its commit, through a proxy. */
  const committing = async (proxy: FaultProxy, args: readonly string[]): Promise<MillraceCommand> => {
    const held = proxy.delayRequest({ api: 'EndTxn', times: Number.POSITIVE_INFINITY })
    // A former one has not left its group.
    const applicationId = uniqueName('committing')
    const command = running(['--application-id', applicationId, ...args], { brokers: proxy.brokers })
    await ready(command)
    await app.client.write(input, numbered(1))
    await held.firstFired
    return command
  }

  test('leaves when its time is over, and says so', async () => {
    await using proxy = await FaultProxy.start(app.brokers)
    await using command = await committing(proxy, ['--shutdown-timeout', '1s'])
    command.kill('SIGTERM')
    assert.equal(await command.exited, 4, command.stdout)
    assert.equal(command.lines.at(-1)!.code, 'CLOSE_TIMEOUT')
  })

  test('leaves at once at a second signal', async () => {
    await using proxy = await FaultProxy.start(app.brokers)
    await using command = await committing(proxy, [])
    command.kill('SIGTERM')
    await command.line('the wish to stop', ({ event }) => event === 'stopping')
    let exited: number | null | undefined
    void command.exited.then((code) => {
      exited = code
    })
    await until('it is gone', () => {
      if (exited === undefined) command.kill('SIGTERM')
      return exited !== undefined
    })
    assert.equal(exited, 143)
  })
})
