import { installDependencies } from './lib/dependencies.mjs'
import { prepare } from './lib/prepare.mjs'
import { built } from './lib/project.mjs'
import { runScript } from './lib/run-script.mjs'

runScript(async () => {
  await installDependencies()
  const { writeApi } = await import('./lib/write-api.mjs')
  writeApi()
  if (!(await prepare())) return false
  const { writeApiReports } = await import('./lib/api-report.mjs')
  writeApiReports()
  const { main } = await import(built('docs/generator/main.js'))
  return main()
})
