/**
 * A small process between ours and the broker's: it stops the broker when its standard input ends, which happens
 * however our process ends, SIGKILL included. It runs in a process group of its own, so that Ctrl-C in the terminal
 * reaches the broker only after the application has committed and left.
 */
import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'

/** What the keeper is asked to do, as JSON in its first argument. */
export interface KeeperTask {
  readonly command: string
  readonly args: readonly string[]
  readonly logFile: string
  /** How long the broker may take to stop before it is killed, in milliseconds. */
  readonly stopTimeoutMs: number
  /** What to delete when the broker has been stopped: its record, or a temporary data directory. */
  readonly removeAfter: string
}

const task = JSON.parse(process.argv[2] ?? '') as KeeperTask
const log = openSync(task.logFile, 'w')
const broker = spawn(task.command, task.args, { stdio: ['ignore', log, log] })

let stopping = false
const stop = (): void => {
  stopping = true
  broker.kill('SIGTERM')
  setTimeout(() => broker.kill('SIGKILL'), task.stopTimeoutMs).unref()
}

broker.on('spawn', () => process.stdout.write(`${broker.pid}\n`))
broker.on('exit', (code) => {
  if (stopping) rmSync(task.removeAfter, { recursive: true, force: true })
  process.exit(code ?? 1)
})
process.stdin.on('end', stop)
process.stdin.resume()
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
