import { prepare } from './lib/prepare.mjs'
import { runScript } from './lib/run-script.mjs'
import { findTests, interruption, report, runTests } from './lib/run-tests.mjs'

runScript(async () => {
  if (!(await prepare())) return false
  const checks = findTests(process.argv.slice(2), '.check.js')
  if (checks.length === 0) throw new Error(`no check has ${process.argv.slice(2).join(' or ')} in its path`)
  return report(await runTests(checks, interruption()))
})
