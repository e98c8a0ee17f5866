import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running broker leaves in its data directory, so that others find it. */
export interface BrokerRecord {
  /** Process id of the broker. */
  readonly pid: number
  /** Process id of what started it, and at whose end it stops. */
  readonly ownerPid: number
  readonly port: number
}

const recordFile = (dataDirectory: string): string => join(dataDirectory, 'broker.json')

export const writeBrokerRecord = (dataDirectory: string, record: BrokerRecord): Promise<void> =>
  writeFile(recordFile(dataDirectory), `${JSON.stringify(record)}\n`)

export const removeBrokerRecord = (dataDirectory: string): Promise<void> =>
  rm(recordFile(dataDirectory), { force: true })

/** The record in a data directory; undefined where there is none, or where its writer was cut off. */
export const readBrokerRecord = async (dataDirectory: string): Promise<BrokerRecord | undefined> => {
  const text = await readFile(recordFile(dataDirectory), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.endsWith('\n') ? (JSON.parse(text) as BrokerRecord) : undefined
}

/** Whether a process with this id exists. */
export const processExists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
