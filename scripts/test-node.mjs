import { join } from 'node:path'
import { nodeOfMajor } from './lib/node-release.mjs'
import { projectRoot, runInherited } from './lib/project.mjs'
import { runScript } from './lib/run-script.mjs'

const USAGE = 'npm run test:node -- MAJOR [what npm test takes], for example 22 --unit'

runScript(async () => {
  const [major, ...rest] = process.argv.slice(2)
  if (!/^\d+$/.test(major ?? '')) throw new Error(USAGE)
  return runInherited(await nodeOfMajor(major), [join(projectRoot, 'scripts/test.mjs'), ...rest])
})
