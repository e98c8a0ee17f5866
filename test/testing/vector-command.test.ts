import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { main } from './vector-command.js'

/** The least that a vector must have. */
const copying = {
  name: 'copying',
  topology: 'ts_fail_on_invalid',
  config: {},
  inputTopics: { in: { key: 'string', value: 'string' } },
  outputTopics: { out: { key: 'string', value: 'string' } },
  steps: [{ op: 'pipe', topic: 'in', key: 'a', value: 'A', ts: 1 }],
  expected: { out: [{ key: 'a', value: 'A', ts: 1, stepIndex: 0 }] },
  stores: {},
}

/** Runs the command over files; gives its exit code and what it printed. */
async function run(test: TestContext, files: Record<string, unknown>, args: readonly string[] = []) {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-vectors-'))
  test.after(() => rmSync(directory, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(
      join(directory, `${name}.json`),
      typeof content === 'string' ? content : JSON.stringify(content),
    )
  }
  const lines: string[] = []
  test.mock.method(console, 'log', (line: string) => lines.push(line))
  const code = await main([directory, ...args])
  test.mock.restoreAll()
  return { code, lines }
}

describe('npm run vectors', () => {
  it('passes a vector that has the required fields only', async (test) => {
    assert.deepEqual(await run(test, { copying }), { code: 0, lines: ['1 passed, 0 failed'] })
  })

  it('prints the first difference of each that fails', async (test) => {
    const expected = { out: [{ key: 'a', value: 'B', ts: 1, stepIndex: 0 }] }
    const { code, lines } = await run(test, { copying, other: { ...copying, expected } })
    assert.equal(code, 1)
    assert.deepEqual(lines, [
      'FAILED other: memory: topic out, record 0: ' +
        'expected {"key":"a","value":"B","ts":1,"stepIndex":0}, got {"key":"a","value":"A","ts":1,"stepIndex":0}',
      '1 passed, 1 failed',
    ])
  })

  it('fails what it does not know or cannot read', async (test) => {
    const { code, lines } = await run(test, {
      unknown: { ...copying, topology: 'unheard_of' },
      unreadable: '{',
    })
    assert.equal(code, 1)
    assert.match(lines[0]!, /^FAILED unknown: unknown topology unheard_of$/)
    assert.match(lines[1]!, /^FAILED unreadable: /)
    assert.equal(lines.at(-1), '0 passed, 2 failed')
  })

  it('fails a step that fails, and one that does not fail but should', async (test) => {
    const failing = { ...copying, steps: [{ op: 'pipe', topic: 'in', key: 'a', value: 'A', ts: -1 }] }
    const error = { ...failing, expected: { out: [] }, expectedError: { stepIndex: 0 } }
    const { lines } = await run(test, {
      failing,
      error,
      quiet: { ...copying, expectedError: { stepIndex: 0 } },
    })
    assert.equal(lines.at(-1), '1 passed, 2 failed')
    assert.match(lines[0]!, /^FAILED failing: memory: step 0 fails: /)
    assert.equal(lines[1], 'FAILED quiet: memory: step 0 does not fail')
  })

  it('runs one area where it is asked to, and fails where there is nothing to run', async (test) => {
    const files = { copying, other: { ...copying, area: 'timestamps' } }
    assert.deepEqual((await run(test, files, ['--area', 'timestamps'])).lines, ['1 passed, 0 failed'])
    assert.equal((await run(test, files, ['--area', 'unheard-of'])).code, 1)
  })
})
