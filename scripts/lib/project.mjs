import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of this project. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** A module that the build has written, as a URL to import. */
export const built = (path) => new URL(`../../dist/${path}`, import.meta.url).href

/** Runs a command in the project with our terminal; resolves with its exit code. */
export const runInherited = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: projectRoot, stdio: 'inherit', ...options })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

/** Runs the program of a package in node_modules with our Node; resolves with its exit code. */
export const runPackage = (program, args) =>
  runInherited(process.execPath, [join(projectRoot, 'node_modules', program), ...args])
