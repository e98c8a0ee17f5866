import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, runInherited } from './project.mjs'

const readPackages = (file) => {
  try {
    return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether node_modules holds what package-lock.json asks for. Optional packages may be for other platforms. */
const upToDate = () => {
  const wanted = readPackages('package-lock.json')
  const installed = readPackages('node_modules/.package-lock.json')
  if (!installed) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const present = installed[path]
    return present ? present.version === entry.version : entry.optional === true
  })
}

/** Installs the dependencies of the lockfile where they are not. */
export const installDependencies = async () => {
  if (upToDate()) return
  console.log('Installing dependencies (npm ci) ...')
  const npm = process.env.npm_execpath
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []]
  const quiet = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await runInherited(command, [...args, ...quiet], {
    shell: !npm && process.platform === 'win32',
  })
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}`)
}
