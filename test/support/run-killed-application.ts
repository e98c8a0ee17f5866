import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { KilledApplication } from './killed-application.js'

/** Starts an application in a process of its own. */
export function killedApplication(application: KilledApplication): ChildProcess {
  const script = fileURLToPath(new URL('./killed-application.js', import.meta.url))
  return spawn(process.execPath, [script, JSON.stringify(application)], { stdio: 'inherit' })
}
