import { prepare } from './lib/prepare.mjs'
import { built } from './lib/project.mjs'
import { runScript } from './lib/run-script.mjs'

runScript(async () => {
  if (!(await prepare())) return false
  const { main } = await import(built('src/demo/main.js'))
  return main(process.argv.slice(2))
})
