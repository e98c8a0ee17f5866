import type { TopicPartition } from '../kafka/topic-partition.js'
import { formatTaskId } from './task-id.js'

/** A task that someone must run, and the partitions that come with it. */
export interface AssignableTask {
  readonly id: string
  readonly subTopology: number
  /** Whether it has stores, so that moving it costs a restore. */
  readonly stateful: boolean
  readonly partitions: readonly TopicPartition[]
}

/** A member of the group (one stream thread) as the assignor sees it. */
export interface AssignableMember {
  readonly memberId: string
  readonly processId: string
  /** Tasks that it runs now. */
  readonly owned: ReadonlySet<string>
  /** Tasks whose state its process has on disk, with how fresh it is: the greater, the fresher. */
  readonly localState: ReadonlyMap<string, number>
}

/** The partitions of sub-topologies, as tasks in order of sub-topology and partition. */
export function assignableTasks(
  subTopologies: readonly {
    readonly id: number
    readonly stateful: boolean
    readonly topics: readonly string[]
  }[],
  partitionCount: (topic: string) => number,
): AssignableTask[] {
  const tasks: AssignableTask[] = []
  for (const { id, stateful, topics } of subTopologies) {
    const count = Math.max(...topics.map(partitionCount))
    for (let partition = 0; partition < count; partition++) {
      const partitions = topics
        .filter((topic) => partition < partitionCount(topic))
        .map((topic) => ({ topic, partition }))
      tasks.push({ id: formatTaskId(id, partition), subTopology: id, stateful, partitions })
    }
  }
  return tasks
}

/**
 * Gives every task to one member: balanced first (no member has two tasks more than another, over all tasks and
 * within each sub-topology as far as that allows), and among balanced answers the one that moves least: a task
 * stays where it runs, else goes where the most of its state is on disk.
 *
 * Deterministic: any leader gives the same answer to the same question.
 */
export function assignTasks(
  tasks: readonly AssignableTask[],
  members: readonly AssignableMember[],
): Map<string, AssignableTask[]> {
  const ordered = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const loads = ordered.map((member) => new MemberLoad(member))
  const shares = new FairShares(tasks, loads)
  const unowned = place(tasks, shares, (task) => loads.filter((load) => load.member.owned.has(task.id)))
  const stateless = place(unowned, shares, (task) => withLocalState(task, loads))
  for (const task of stateless) leastLoaded(task, loads).add(task)
  return new Map(loads.map((load) => [load.member.memberId, load.tasks]))
}

class MemberLoad {
  readonly tasks: AssignableTask[] = []
  private readonly perSubTopology = new Map<number, number>()

  constructor(readonly member: AssignableMember) {}

  add(task: AssignableTask): void {
    this.tasks.push(task)
    this.perSubTopology.set(task.subTopology, this.of(task.subTopology) + 1)
  }

  of(subTopology: number): number {
    return this.perSubTopology.get(subTopology) ?? 0
  }
}

/** How many tasks each member may be given for a reason other than balance, in all and of each sub-topology. */
class FairShares {
  private readonly inAll: Map<MemberLoad, number>
  private readonly ofEach = new Map<number, number>()

  constructor(tasks: readonly AssignableTask[], loads: readonly MemberLoad[]) {
    this.inAll = sharesInAll(tasks.length, loads)
    const counts = new Map<number, number>()
    for (const { subTopology } of tasks) counts.set(subTopology, (counts.get(subTopology) ?? 0) + 1)
    for (const [subTopology, count] of counts) this.ofEach.set(subTopology, Math.ceil(count / loads.length))
  }

  allow(task: AssignableTask, load: MemberLoad): boolean {
    return (
      load.tasks.length < this.inAll.get(load)! &&
      load.of(task.subTopology) < this.ofEach.get(task.subTopology)!
    )
  }
}

/** The larger shares go to the members that own, or have on disk, the most: nothing moves that need not. */
function sharesInAll(count: number, loads: readonly MemberLoad[]): Map<MemberLoad, number> {
  const base = Math.floor(count / loads.length)
  const larger = count % loads.length
  const byHoldings = [...loads].sort((a, b) => compareHoldings(b.member, a.member))
  return new Map(byHoldings.map((load, index) => [load, base + (index < larger ? 1 : 0)]))
}

const compareHoldings = (a: AssignableMember, b: AssignableMember): number =>
  a.owned.size - b.owned.size || sum(a.localState.values()) - sum(b.localState.values())

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, each) => total + each, 0)

/** Gives tasks to the first of their candidates that has room; returns those that found none. */
function place(
  tasks: readonly AssignableTask[],
  shares: FairShares,
  candidates: (task: AssignableTask) => readonly MemberLoad[],
): AssignableTask[] {
  return tasks.filter((task) => {
    const home = candidates(task).find((load) => shares.allow(task, load))
    home?.add(task)
    return home === undefined
  })
}

/** Members whose process has state of the task on disk, the freshest first. */
function withLocalState(task: AssignableTask, loads: readonly MemberLoad[]): readonly MemberLoad[] {
  return loads
    .filter((load) => load.member.localState.has(task.id))
    .sort((a, b) => b.member.localState.get(task.id)! - a.member.localState.get(task.id)!)
}

function leastLoaded(task: AssignableTask, loads: readonly MemberLoad[]): MemberLoad {
  return loads.reduce((best, load) => (lessLoaded(task, load, best) ? load : best))
}

function lessLoaded(task: AssignableTask, candidate: MemberLoad, best: MemberLoad): boolean {
  const inAll = candidate.tasks.length - best.tasks.length
  return inAll !== 0 ? inAll < 0 : candidate.of(task.subTopology) < best.of(task.subTopology)
}
