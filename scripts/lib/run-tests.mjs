import { setMaxListeners } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { projectRoot } from './project.mjs'

const TIMEOUT_MS = 15 * 60_000
const CONCURRENT_FILES = 2

/** The compiled test files whose path contains one of the patterns; all of them where there is no pattern. */
export const findTests = (patterns, ending = '.test.js') => {
  const directory = join(projectRoot, 'dist', 'test')
  return readdirSync(directory, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith(ending))
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
    .sort()
    .map((path) => join(directory, path))
}

/** Aborts when this process is to end, so that what tests have started ends, too. */
export const interruption = () => {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  process.once('SIGTERM', () => interrupted.abort())
  return interrupted.signal
}

/** Runs test files, each in a process of its own, and reports on standard output. Resolves with the counts. */
export const runTests = async (files, signal) => {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  // Every file that runs listens.
  setMaxListeners(0, signal)
  const events = run({ files, concurrency: CONCURRENT_FILES, timeout: TIMEOUT_MS, signal })
  events.on('test:pass', ({ details, skip, todo }) => {
    if (details.type === 'suite') return
    if (skip !== undefined || todo !== undefined) counts.skipped++
    else counts.passed++
  })
  events.on('test:fail', ({ details }) => {
    if (details.error?.failureType !== 'subtestsFailed') counts.failed++
  })
  const report = events.compose(new spec())
  report.pipe(process.stdout, { end: false })
  await finished(report)
  return counts
}

/** Prints the counts on a line; whether all is well. */
export const report = ({ passed, failed, skipped }) => {
  if (skipped > 0) console.log(`${skipped} skipped`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0
}
