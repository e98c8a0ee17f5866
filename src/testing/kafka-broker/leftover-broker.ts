import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { CommandError, runCommand } from '../local-server/run-command.js'
import { type BrokerRecord, processExists } from './broker-record.js'

const GRACE_MS = 15_000
const POLL_MS = 50

const commandLine = async (pid: number): Promise<string> => {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return runCommand('ps', ['-o', 'command=', '-p', String(pid)]).catch((error: unknown) => {
    if (error instanceof CommandError) return ''
    throw error
  })
}

/** Whether the process is the broker of this data directory, and not another one that got the same id since. */
const isBrokerOf = async (pid: number, dataDirectory: string): Promise<boolean> => {
  const line = await commandLine(pid)
  return line.includes('kafka.Kafka') && line.includes(dataDirectory)
}

/** Waits until a broker that outlived its owner has stopped, and stops it where it does not. */
export const stopLeftover = async (record: BrokerRecord, dataDirectory: string): Promise<void> => {
  const started = performance.now()
  let signal: NodeJS.Signals | undefined = 'SIGTERM'
  while (processExists(record.pid) && (await isBrokerOf(record.pid, dataDirectory))) {
    if (signal === 'SIGTERM') {
      process.kill(record.pid, signal)
      signal = 'SIGKILL'
    } else if (signal === 'SIGKILL' && performance.now() - started > GRACE_MS) {
      process.kill(record.pid, signal)
      signal = undefined
    }
    await delay(POLL_MS)
  }
}
