import { randomUUID } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { STATE_FORMAT_VERSION } from './checkpoint.js'
import { ClassicLevelStateDatabase } from './classic-level-state-database.js'
import type { StateDatabase } from './state-database.js'
import {
  StateCorruptError,
  StateDirectoryLockedError,
  StateIoError,
  UnknownStateFormatError,
} from './state-errors.js'
import { WriteBatch } from './write-batch.js'

/** How often it is looked whether another thread has closed a database. */
const LOOK_AGAIN_MS = 50
/** Told of a database that is corrupt, before it is replaced by an empty one. */
export type WarnOfCorruption = (error: StateCorruptError) => void

export interface OpenTaskOptions {
  /** Ends the waiting for another thread. */
  readonly signal?: AbortSignal
  readonly warn?: WarnOfCorruption
}

const FORMAT_KEY = Buffer.from('formatVersion')
const PROCESS_ID_KEY = Buffer.from('processId')

/**
 * Where an application keeps its state on this machine: `<stateDir>/<applicationId>/`, one database a task under
 * `tasks/`. Held by one process at a time: the lock is that of the database `meta`, and dies with the process.
 */
export class StateDirectory {
  private constructor(
    readonly path: string,
    /** Identifies this directory among all processes of the application, over restarts. */
    readonly processId: string,
    private readonly meta: StateDatabase,
  ) {}

  /**
   * @throws {StateDirectoryLockedError} if another process holds it
   * @throws {UnknownStateFormatError} if another version wrote it
   * @throws {StateIoError} if it cannot be made or written
   * @param warn told of a database that is corrupt, before it is replaced by an empty one
   */
  static async open(
    stateDir: string,
    applicationId: string,
    warn: WarnOfCorruption = () => {},
  ): Promise<StateDirectory> {
    const path = join(stateDir, applicationId)
    await mkdir(join(path, 'tasks'), { recursive: true }).catch((cause: unknown) => {
      throw new StateIoError(path, { cause })
    })
    const meta = await openMeta(path, warn)
    try {
      return new StateDirectory(path, await processIdOf(meta, path), meta)
    } catch (error) {
      await meta.close()
      throw error
    }
  }

  /** Opens a task's database, by the thread that has the task. A corrupt one is replaced by an empty one. */
  openTask(taskId: string, warn?: WarnOfCorruption): Promise<StateDatabase> {
    return openTaskDatabase(this.path, taskId, warn === undefined ? {} : { warn })
  }

  /** The tasks that have a database here. */
  async taskIds(): Promise<string[]> {
    const entries = await readdir(join(this.path, 'tasks'), { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
  }

  /** Deletes a task's database. Nobody may have it open. */
  removeTask(taskId: string): Promise<void> {
    return ClassicLevelStateDatabase.destroy(taskPath(this.path, taskId))
  }

  /** Lets another process have it. The tasks' databases are closed before, by those who opened them. */
  close(): Promise<void> {
    return this.meta.close()
  }
}

async function openMeta(path: string, warn: WarnOfCorruption): Promise<StateDatabase> {
  try {
    return await openOrReplace(join(path, 'meta'), warn)
  } catch (error) {
    throw error instanceof StateDirectoryLockedError
      ? new StateDirectoryLockedError(path, { cause: error })
      : error
  }
}

/**
 * Opens a task's database in a state directory that this process holds: for worker threads, which have the path
 * only. A corrupt one is replaced by an empty one, to be restored from the changelogs.
 *
 * Another thread of the process may still have it: one that has lost the task, when its session expired, and does not
 * know so yet. It will close it when it hears of that, which is waited for.
 *
 * @throws the signal's reason when it is aborted meanwhile
 */
export async function openTaskDatabase(
  directory: string,
  taskId: string,
  { signal, warn = () => {} }: OpenTaskOptions = {},
): Promise<StateDatabase> {
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await openOrReplace(taskPath(directory, taskId), warn)
    } catch (error) {
      if (!(error instanceof StateDirectoryLockedError)) throw error
    }
    await delay(LOOK_AGAIN_MS)
  }
}

const taskPath = (directory: string, taskId: string): string => join(directory, 'tasks', taskId)

async function openOrReplace(path: string, warn: WarnOfCorruption): Promise<StateDatabase> {
  try {
    return await ClassicLevelStateDatabase.open(path)
  } catch (error) {
    if (!(error instanceof StateCorruptError)) throw error
    warn(error)
    await ClassicLevelStateDatabase.destroy(path)
    return ClassicLevelStateDatabase.open(path)
  }
}

async function processIdOf(meta: StateDatabase, path: string): Promise<string> {
  const format = meta.get(FORMAT_KEY)?.toString()
  if (format !== undefined && format !== String(STATE_FORMAT_VERSION)) {
    throw new UnknownStateFormatError(path, format, STATE_FORMAT_VERSION)
  }
  const present = meta.get(PROCESS_ID_KEY)?.toString()
  if (format !== undefined && present !== undefined) return present
  const processId = randomUUID()
  const batch = new WriteBatch()
  batch.add(FORMAT_KEY, Buffer.from(String(STATE_FORMAT_VERSION)))
  batch.add(PROCESS_ID_KEY, Buffer.from(processId))
  await meta.write(batch)
  return processId
}
