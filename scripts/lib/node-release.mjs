import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from './project.mjs'

const run = promisify(execFile)

const WINDOWS = process.platform === 'win32'

/** The package that npm's `node` would fetch by a script of its own; ours is installed without scripts. */
const RELEASES = `node-${WINDOWS ? 'win' : process.platform}-${process.arch}`

const npm = (args) => {
  const own = process.env.npm_execpath
  const [command, before] = own ? [process.execPath, [own]] : ['npm', []]
  return run(command, [...before, ...args], { cwd: projectRoot, shell: !own && WINDOWS })
}

/** The newest release of a major; `npm view` gives a version, or a list of versions. */
const newest = async (major) => {
  const { stdout } = await npm(['view', `${RELEASES}@${major}`, 'version', '--json'])
  const versions = stdout === '' ? [] : [JSON.parse(stdout)].flat()
  const version = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
  if (version === undefined) throw new Error(`the registry has no ${RELEASES} of major ${major}`)
  return version
}

/**
 * The program of a major of Node, the newest there is in the registry when it is asked for first. It stays in `.build`,
 * which can be deleted.
 */
export const nodeOfMajor = async (major) => {
  const directory = join(projectRoot, '.build', `node-${major}`)
  const program = join(directory, 'node_modules', RELEASES, 'bin', WINDOWS ? 'node.exe' : 'node')
  if (existsSync(program)) return program
  const version = await newest(major)
  console.log(`Fetching Node ${version} (once) ...`)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n')
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save']
  await npm(['install', '--prefix', directory, ...quiet, `${RELEASES}@${version}`])
  return program
}
