import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { projectRoot, runPackage } from './project.mjs'

const OUTPUT = /\.(js|d\.ts)(\.map)?$/

/** Removes what was built from sources that are gone, so that no stale test runs and no stale module is found. */
const removeStale = () => {
  const dist = join(projectRoot, 'dist')
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const output = join(entry.parentPath ?? entry.path, entry.name)
    if (!entry.isFile() || !OUTPUT.test(output)) continue
    const source = relative(dist, output).replace(OUTPUT, '.ts')
    if (!existsSync(join(projectRoot, source))) rmSync(output)
  }
}

/** Type-checks everything and compiles it into dist, as far as it has changed. False where it does not compile. */
export const build = async () => {
  const code = await runPackage('typescript/bin/tsc', ['--noEmitOnError'])
  if (code !== 0) return false
  removeStale()
  return true
}
