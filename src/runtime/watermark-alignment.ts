import type { Task } from './task.js'
import type { TaskInput } from './task-input.js'

/**
 * Keeps the partitions of a group together in event time: one that is further ahead of the slowest than it may be is held
 * until that one has come up. One that is idle, or of which nothing is known yet, holds no other back.
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
  for (const { eventTime, idle } of inputs) {
    if (!idle && eventTime >= 0 && eventTime < slowest) slowest = eventTime
  }
  for (const input of inputs) input.held = input.eventTime > slowest + input.alignment!.maxDrift
}
