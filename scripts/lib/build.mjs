import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
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

/** The page of a worker: compiled for browsers, with their types, which nothing else sees. */
const PAGE = 'src/observe/dashboard/page'

const compile = async (args = []) =>
  (await runPackage('typescript/bin/tsc', ['--noEmitOnError', ...args])) === 0

/** Type-checks everything and compiles it into dist, as far as it has changed. False where it does not compile. */
export const build = async () => {
  if (!(await compile()) || !(await compile(['-p', PAGE]))) return false
  copyFileSync(join(projectRoot, PAGE, 'page.css'), join(projectRoot, 'dist', PAGE, 'page.css'))
  removeStale()
  return true
}
