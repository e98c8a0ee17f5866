import type { AnnouncedTimes } from './announced-times.js'
import type { Task } from './task.js'
import type { TaskInput } from './task-input.js'

/**
 * Keeps the partitions of a group together in event time: one is not read on when it is further ahead of the slowest than it
 * may be, until that one has come up. One that is idle or has nothing to read at present, or of which nothing is known yet,
 * holds no other back.
 *
 * @param elsewhere by group: how far the partitions have come that others read
 */
export function align(tasks: readonly Task[], elsewhere: ReadonlyMap<string, AnnouncedTimes>): void {
  const groups = new Map<string, TaskInput[]>()
  for (const task of tasks) {
    for (const input of task.alignedInputs) {
      const { group } = input.alignment!
      const members = groups.get(group)
      if (members === undefined) groups.set(group, [input])
      else members.push(input)
    }
  }
  for (const [group, inputs] of groups) alignGroup(inputs, elsewhere.get(group))
}

function alignGroup(inputs: readonly TaskInput[], elsewhere: AnnouncedTimes | undefined): void {
  const slowest = slowestOf(inputs, undefined)
  const second = slowestOf(inputs, slowest)
  for (const input of inputs) {
    const { maxDrift } = input.alignment!
    const other = input === slowest ? second : slowest
    const here = other === undefined ? Number.POSITIVE_INFINITY : other.eventTime + maxDrift
    const there = elsewhere?.limit(maxDrift) ?? Number.POSITIVE_INFINITY
    input.limit = Math.min(here, there)
    input.limitedBy = there < here ? elsewhere!.slowest : other
  }
}

/** The slowest of those that hold others back, one left out. */
function slowestOf(inputs: readonly TaskInput[], leftOut: TaskInput | undefined): TaskInput | undefined {
  let slowest: TaskInput | undefined
  for (const input of inputs) {
    const { idle, lag, eventTime } = input
    if (input === leftOut || idle || lag === 0 || eventTime < 0) continue
    if (slowest === undefined || eventTime < slowest.eventTime) slowest = input
  }
  return slowest
}
