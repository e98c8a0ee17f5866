import type { Task } from './task.js'
import type { TaskInput } from './task-input.js'

/**
 * Keeps the partitions of a group together in event time: one is not read on when it is further ahead of the slowest than it
 * may be, until that one has come up. One that is idle or has nothing to read at present, or of which nothing is known yet,
 * holds no other back.
 */
export function align(tasks: readonly Task[]): void {
  const groups = new Map<string, TaskInput[]>()
  for (const task of tasks) {
    for (const input of task.alignedInputs) {
      const { group } = input.alignment!
      const members = groups.get(group)
      if (members === undefined) groups.set(group, [input])
      else members.push(input)
    }
  }
  for (const inputs of groups.values()) alignGroup(inputs)
}

function alignGroup(inputs: readonly TaskInput[]): void {
  let slowest = Number.POSITIVE_INFINITY
  for (const { eventTime, idle, lag } of inputs) {
    if (!idle && lag !== 0 && eventTime >= 0 && eventTime < slowest) slowest = eventTime
  }
  for (const input of inputs) input.limit = slowest + input.alignment!.maxDrift
}
