import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type AssignableMember,
  type AssignableTask,
  assignableTasks,
  assignTasks,
} from '../../src/runtime/task-assignor.js'

const tasksOf = (...partitions: number[]): AssignableTask[] =>
  assignableTasks(
    partitions.map((_, id) => ({ id, stateful: true, topics: [`topic-${id}`] })),
    (topic) => partitions[Number(topic.slice('topic-'.length))]!,
  )

const member = (
  memberId: string,
  owned: string[] = [],
  localState: [string, number][] = [],
): AssignableMember => ({
  memberId,
  processId: `process-${memberId}`,
  owned: new Set(owned),
  localState: new Map(localState),
})

const idsBy = (assignment: Map<string, AssignableTask[]>): Record<string, string[]> =>
  Object.fromEntries([...assignment].map(([id, tasks]) => [id, tasks.map((task) => task.id).sort()]))

describe('task assignment', () => {
  test('a task holds the same partition of every topic that has it', () => {
    const counts: Record<string, number> = { left: 2, right: 3 }
    const tasks = assignableTasks(
      [{ id: 0, stateful: false, topics: ['left', 'right'] }],
      (topic) => counts[topic]!,
    )
    assert.deepEqual(
      tasks.map((task) => [task.id, task.partitions.map(({ topic, partition }) => `${topic}-${partition}`)]),
      [
        ['0_0', ['left-0', 'right-0']],
        ['0_1', ['left-1', 'right-1']],
        ['0_2', ['right-2']],
      ],
    )
  })

  test('one member gets everything', () => {
    assert.deepEqual(idsBy(assignTasks(tasksOf(2, 1), [member('a')])), { a: ['0_0', '0_1', '1_0'] })
  })

  test('each sub-topology is spread over the members', () => {
    const assignment = assignTasks(tasksOf(4, 4), [member('a'), member('b')])
    for (const tasks of assignment.values()) {
      assert.equal(tasks.filter((task) => task.subTopology === 0).length, 2)
      assert.equal(tasks.filter((task) => task.subTopology === 1).length, 2)
    }
  })

  test('a new member takes its share and the rest stays where it is', () => {
    const owned = ['0_0', '0_1', '0_2', '0_3']
    const assignment = idsBy(assignTasks(tasksOf(4), [member('a', owned), member('b')]))
    assert.equal(assignment.b!.length, 2)
    assert.deepEqual([...assignment.a!, ...assignment.b!].sort(), owned)
  })

  test('after a restart of everyone, tasks go back to where their state is', () => {
    const members = [
      member(
        'x',
        [],
        [
          ['0_0', 10],
          ['0_1', 10],
        ],
      ),
      member(
        'y',
        [],
        [
          ['0_2', 10],
          ['0_3', 10],
        ],
      ),
    ]
    assert.deepEqual(idsBy(assignTasks(tasksOf(4), members)), { x: ['0_0', '0_1'], y: ['0_2', '0_3'] })
  })

  test('the freshest of several local states is preferred', () => {
    const members = [member('x', [], [['0_0', 10]]), member('y', [], [['0_0', 900]])]
    assert.deepEqual(idsBy(assignTasks(tasksOf(1), members)), { x: [], y: ['0_0'] })
  })

  test('any group: every task once, no two loads differ by more than one, a second run moves nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        (partitions, memberCount) => {
          const tasks = tasksOf(...partitions)
          const members = Array.from({ length: memberCount }, (_, index) => member(`m${index}`))
          const first = assignTasks(tasks, members)
          const placed = [...first.values()].flat().map((task) => task.id)
          assert.deepEqual(placed.sort(), tasks.map((task) => task.id).sort())
          const loads = [...first.values()].map((assigned) => assigned.length)
          assert.ok(Math.max(...loads) - Math.min(...loads) <= 1)
          const settled = members.map((each) =>
            member(
              each.memberId,
              first.get(each.memberId)!.map((task) => task.id),
            ),
          )
          assert.deepEqual(idsBy(assignTasks(tasks, settled)), idsBy(first))
        },
      ),
    )
  })
})
