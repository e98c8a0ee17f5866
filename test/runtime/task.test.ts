import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProcessingGraph } from '../../src/runtime/processing-graph.js'
import { Task } from '../../src/runtime/task.js'
import type { TaskInput } from '../../src/runtime/task-input.js'
import type { ChangelogWriter } from '../../src/state/changelog-writer.js'
import type { TaskState } from '../../src/state/task-state.js'
import type { SubTopology, TopologyNode } from '../../src/topology/sub-topology.js'

/** An input of which so many records are fetched, and the broker has so many more. */
class Input {
  readonly partition = 0
  readonly headTimestamp = 0
  position = 0

  constructor(
    readonly topic: string,
    private fetched: number,
    private readonly more: number,
  ) {}

  begin(): void {}

  advance(): boolean {
    return this.fetched > 0
  }

  processHead(): boolean {
    this.fetched--
    this.position++
    return true
  }

  get lag(): number {
    return this.fetched + this.more
  }
}

/** A task with a record of one input in hand, while the broker has one of the other that is not fetched yet. */
function waitingTask(maxIdleMs: number | undefined): { task: Task; left: Input } {
  const graph = { unfinished: false } as ProcessingGraph
  const subTopology = { nodes: [] as readonly TopologyNode[] } as SubTopology
  const [state, changelog] = [{} as TaskState, {} as ChangelogWriter]
  const task = new Task('0_0', subTopology, 0, [], graph, state, new Map(), changelog, maxIdleMs)
  const left = new Input('left', 1, 0)
  const right = new Input('right', 0, 1)
  task.resume([left, right] as unknown as TaskInput[])
  return { task, left }
}

describe('a task with several inputs', () => {
  test('waits for records that the broker has', () => {
    const { task, left } = waitingTask(0)
    assert.equal(task.run(Number.POSITIVE_INFINITY), false)
    assert.equal(left.position, 0)
  })

  test('does not wait where maxTaskIdle is false', () => {
    const { task, left } = waitingTask(undefined)
    assert.equal(task.run(Number.POSITIVE_INFINITY), true)
    assert.equal(left.position, 1)
  })
})
