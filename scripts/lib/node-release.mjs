import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from './project.mjs'

const run = promisify(execFile)

const WINDOWS = process.platform === 'win32'

/** The package that npm's `node` would fetch by a script of its own; ours run without install scripts. */
const packageOf = () => `node-${WINDOWS ? 'win' : process.platform}-${process.arch}`

const npm = (args) => {
  const own = process.env.npm_execpath
  const [command, before] = own ? [process.execPath, [own]] : ['npm', []]
  return run(command, [...before, ...args], { cwd: projectRoot, shell: !own && WINDOWS })
}

/** The newest release of a major that the registry has; `npm view` gives one, or the list of all. */
const newest = async (major) => {
  const { stdout } = await npm(['view', `${packageOf()}@${major}`, 'version', '--json'])
  const versions = stdout === '' ? [] : [JSON.parse(stdout)].flat()
  const order = (a, b) => a.localeCompare(b, 'en', { numeric: true })
  const version = versions.sort(order).at(-1)
  if (version === undefined) throw new Error(`the registry has no ${packageOf()} of major ${major}`)
  return version
}

/** The program of the newest Node of a major, from the registry; fetched once, and again where there is a newer one. */
export const nodeOfMajor = async (major) => {
  const version = await newest(major)
  const directory = join(projectRoot, '.build', `node-${version}`)
  const program = join(directory, 'node_modules', packageOf(), 'bin', WINDOWS ? 'node.exe' : 'node')
  if (existsSync(program)) return program
  console.log(`Fetching Node ${version} (once) ...`)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n')
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save']
  await npm(['install', '--prefix', directory, ...quiet, `${packageOf()}@${version}`])
  return program
}
