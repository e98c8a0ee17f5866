import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../src/runtime/task.js'
import { type TaskLifecycle, TaskManager } from '../../src/runtime/task-manager.js'
import type { SubTopology } from '../../src/topology/sub-topology.js'

const subTopology = { id: 0 } as SubTopology
const input = [{ topic: 'input', partition: 0 }]

/** A task that says whether it would process, as the manager and its lifecycle have it. */
class RecordedTask {
  readonly id = '0_0'
  recordsProcessed = 0
  processingMs = 0
  readonly state = { discard: () => {} }
  processes = false

  pause(): void {
    this.processes = false
  }

  suspend(): void {
    this.processes = false
  }
}

/** Tasks that take as long to start as a test wants. */
class SlowLifecycle implements TaskLifecycle {
  readonly task = new RecordedTask()
  private finish: () => void = () => {}

  async create(): Promise<Task> {
    return this.task as unknown as Task
  }

  start(_task: Task, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.finish = () => {
        if (!signal.aborted) this.task.processes = true
        resolve()
      }
    })
  }

  async close(): Promise<void> {}

  started(): void {
    this.finish()
  }
}

const managed = async () => {
  const lifecycle = new SlowLifecycle()
  const fail = (error: unknown): void => assert.fail(String(error))
  const manager = new TaskManager(
    lifecycle,
    () => subTopology,
    fail,
    () => {},
    () => {},
    Date.now,
    () => {},
  )
  await manager.assign(input)
  return { lifecycle, manager }
}

test('a task that is given back while it starts does not begin to process', async () => {
  const { lifecycle, manager } = await managed()
  manager.retire(manager.tasksOf(input))
  lifecycle.started()
  assert.equal(lifecycle.task.processes, false)
  await manager.close(manager.list)
  assert.deepEqual(manager.list, [])
})

test('a task that is given back stops processing', async () => {
  const { lifecycle, manager } = await managed()
  lifecycle.started()
  assert.equal(lifecycle.task.processes, true)
  manager.retire(manager.tasksOf(input))
  assert.equal(lifecycle.task.processes, false)
})

test('what was done for a task stays when it leaves, and goes on when it is back', async () => {
  const { lifecycle, manager } = await managed()
  const worked = (recordsProcessed: number, processingMs: number) => {
    Object.assign(lifecycle.task, { recordsProcessed, processingMs })
    return [{ task: '0_0', recordsProcessed, processingMs }]
  }
  const before = worked(7, 30)
  assert.deepEqual(manager.counts, before)
  manager.retire(manager.list)
  lifecycle.started()
  await manager.close(manager.list)
  assert.deepEqual(manager.counts, before)
  worked(2, 10)
  await manager.assign(input)
  assert.deepEqual(manager.counts, [{ task: '0_0', recordsProcessed: 9, processingMs: 40 }])
  assert.equal(manager.recordsProcessed, 9)
})
