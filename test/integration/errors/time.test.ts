import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { CodedError } from '../../../src/index.js'
import { assertCounted, countingApplication, countingTopology, numbered } from '../../support/counting.js'
import { assertRow, situation } from '../../support/error-table.js'
import { warningsOfCode } from '../../support/failure.js'
import type { StoppingApplication } from '../../support/stopping-application.js'
import { warningsOf } from '../../support/test-application.js'

/** Keeps the event loop, as a function that computes for long does. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

const BLOCKS = [
  { longer: 'the session timeout', options: { sessionTimeout: '6s' }, blockedMs: 8_000 },
  { longer: 'maxPollInterval', options: { maxPollInterval: '2s' }, blockedMs: 6_000 },
] as const

for (const { longer, options, blockedMs } of BLOCKS) {
  situation(`a function that blocks the event loop for longer than ${longer}`, async (row) => {
    const { app, input, output } = await countingApplication(options, { partitions: 1 })
    await using _ = app
    let blocks = 1
    const topology = countingTopology(input, output, (value) => {
      if (value === '60' && blocks-- > 0) block(blockedMs)
    })
    const records = numbered(100)
    await app.client.write(input, records)
    const streams = app.streams(topology)
    const warnings = warningsOfCode(streams, row.code)
    await streams.start()
    await app.committed(input)
    await assertCounted(app, output, records)
    assert.equal(warnings.length, 1)
    assertRow(warnings[0], row)
    assert.match(
      warnings[0].message,
      new RegExp(
        `^task 0_0 \\(operators read, check, .*\\) kept .* topic ${input}, partition 0, offset \\d+:`,
      ),
    )
    await app.until('it runs again', () => streams.state === 'running')
  })
}

/** The lines of JSON that a process prints, until it ends. */
function linesOf(child: ChildProcess) {
  const lines: { readonly stops?: boolean; readonly warning?: CodedError }[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(JSON.parse(line)))
  return lines
}

situation('a process that stands still for longer than the session timeout', async (row) => {
  const { app, input, output, topology } = await countingApplication(
    { sessionTimeout: '6s' },
    { partitions: 1 },
  )
  await using _ = app
  const records = numbered(100)
  await app.client.write(input, records)
  const application: StoppingApplication = { options: app.options(), input, output, stopsAt: '60' }
  const script = fileURLToPath(new URL('../../support/stopping-application.js', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(application)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines = linesOf(child)
    await app.until('the process stops', () => lines.some(({ stops }) => stops))
    await app.started(topology, {}, 'two')
    await app.committed(input)
    child.kill('SIGCONT')
    const warnings = () => lines.flatMap(({ warning }) => warning ?? [])
    await app.until('the process hears of it', () => warnings().some(({ code }) => code === row.code))
    // No function of the user is to blame, and what became of it is told once.
    assert.deepEqual(
      warnings().map(({ code }) => code),
      [row.code],
    )
    assertRow(warnings()[0], row)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  } finally {
    child.kill('SIGKILL')
  }
  await assertCounted(app, output, records)
})

const HOUR_MS = 3_600_000

situation('a clock that jumps', async (row) => {
  assert.equal(row.outcome, 'goes on')
  const { app, input, output, topology } = await countingApplication()
  await using _ = app
  const { now } = Date
  const records = numbered(150)
  try {
    for (const [jump, hours] of [30, -30, 0].entries()) {
      const streams = await app.started(topology)
      await app.until('it runs', () => streams.state === 'running')
      const warnings = warningsOf(streams)
      // In the middle of processing, and kept over the restart.
      await app.client.write(input, records.slice(jump * 50, jump * 50 + 25))
      await app.committed(input)
      Date.now = () => now() + hours * HOUR_MS
      await app.client.write(input, records.slice(jump * 50 + 25, jump * 50 + 50))
      await app.committed(input)
      assert.deepEqual(warnings, [])
      await streams.close()
    }
  } finally {
    Date.now = now
  }
  await assertCounted(app, output, records)
})
