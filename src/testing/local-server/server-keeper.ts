/**
 * A small process between ours and a server's: it stops the server when its standard input ends, which happens
 * however our process ends, SIGKILL included. It runs in a process group of its own, so that Ctrl-C in the terminal
 * reaches the server only after the application has committed and left.
 */
import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'

/** What the keeper is asked to do, as JSON in its first argument. */
export interface KeeperTask {
  readonly command: string
  readonly args: readonly string[]
  readonly logFile: string
  /** How long the server may take to stop before it is killed, in milliseconds. */
  readonly stopTimeoutMs: number
  /** What to delete when the server has been stopped: its record, or a temporary directory. */
  readonly removeAfter: string
}

const task = JSON.parse(process.argv[2] ?? '') as KeeperTask
const log = openSync(task.logFile, 'w')
const server = spawn(task.command, task.args, { stdio: ['ignore', log, log] })

let stopping = false
const stop = (): void => {
  stopping = true
  server.kill('SIGTERM')
  setTimeout(() => server.kill('SIGKILL'), task.stopTimeoutMs).unref()
}

server.on('spawn', () => process.stdout.write(`${server.pid}\n`))
server.on('exit', (code) => {
  if (stopping) rmSync(task.removeAfter, { recursive: true, force: true })
  process.exit(code ?? 1)
})
process.stdin.on('end', stop)
process.stdin.resume()
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
