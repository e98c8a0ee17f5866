import { installDependencies } from './lib/dependencies.mjs'
import { lint } from './lib/lint.mjs'
import { runScript } from './lib/run-script.mjs'

runScript(async () => {
  await installDependencies()
  return lint(process.argv.slice(2))
})
