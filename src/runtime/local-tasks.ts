import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The tasks that have state in a state directory, each with the wall time at which it last changed, as a measure
 * of how fresh it is: the databases themselves may be open in other threads.
 */
export function localTasks(stateDirectory: string): [taskId: string, changedAt: number][] {
  const tasks = join(stateDirectory, 'tasks')
  return readdirSync(tasks).map((id) => [id, Math.floor(statSync(join(tasks, id)).mtimeMs)])
}
