import { setMaxListeners } from 'node:events'
import { causeOfClass } from '../errors/causes.js'
import type { TopicPartition } from '../kafka/topic-partition.js'
import { SchemaPendingError } from '../serdes/schema-pending-error.js'
import { unlessAborted } from '../serdes/settle.js'
import type { WallClock } from '../time/wall-clock.js'
import type { SubTopology } from '../topology/sub-topology.js'
import type { TaskMetrics } from './stream-metrics.js'
import type { Task } from './task.js'
import { formatTaskId } from './task-id.js'

/** How often event time is looked after where no records bring it on. */
const TICK_MS = 100

/** Makes tasks and brings them to the point where they can process. */
export interface TaskLifecycle {
  /** Opens the task's state. */
  create(subTopology: SubTopology, partition: number, partitions: readonly TopicPartition[]): Promise<Task>
  /** Restores state and resumes at the committed offsets; does nothing more once `signal` is aborted. */
  start(task: Task, signal: AbortSignal): Promise<void>
  /** Closes the task's state; nothing that is not committed is kept. */
  close(task: Task): Promise<void>
}

interface ManagedTask {
  readonly task: Task
  starting: AbortController
  started: Promise<void>
}

/** The tasks of one thread, from assignment to revocation. */
export class TaskManager {
  private readonly tasks = new Map<string, ManagedTask>()
  private all: readonly Task[] = []
  private next = 0
  private nextTick = 0
  /** By task: resolves when what it met in a store can be read. */
  private readonly awaited = new Map<string, Promise<void>>()
  /** Whether event time ends where nothing is left to read. */
  draining = false
  /** What tasks of former assignments came to. */
  private readonly former = new Map<string, TaskMetrics>()
  /** Records that they have processed. */
  private processedBefore = 0

  constructor(
    private readonly lifecycle: TaskLifecycle,
    /** Topic in Kafka -> sub-topology that reads it. */
    private readonly readerOf: (topic: string) => SubTopology,
    private readonly failed: (error: unknown) => void,
    /** Called when a task has become ready to process. */
    private readonly ready: () => void,
    /** Told how long each run of a task took, in milliseconds. */
    private readonly ran: (task: Task, tookMs: number) => void,
    private readonly wallClock: WallClock,
    /** Says of every input that is aligned with others up to where it is read. */
    private readonly align: (tasks: readonly Task[]) => void,
  ) {}

  /** Every task of the thread. */
  get list(): readonly Task[] {
    return this.all
  }

  /** Makes and starts the tasks of partitions that are new here; resolves when their state is open. */
  async assign(partitions: readonly TopicPartition[]): Promise<void> {
    for (const [id, { subTopology, partition, inputs }] of this.group(partitions)) {
      if (this.tasks.has(id)) continue
      const task = await this.lifecycle.create(subTopology, partition, inputs)
      this.tasks.set(id, this.start(task))
      this.refresh()
    }
  }

  /**
   * Processes what is fetched, task after task, until `deadline` (as `performance.now()`).
   *
   * @returns whether there was anything to do
   */
  run(deadline: number): boolean {
    const aligned = this.all.some((task) => task.aligned)
    let worked = false
    // Aligned tasks end their turns early.
    while (this.runOnce(deadline, aligned)) {
      worked = true
      if (!aligned || performance.now() >= deadline) break
    }
    return worked
  }

  private runOnce(deadline: number, aligned: boolean): boolean {
    const { all } = this
    let worked = false
    let before = performance.now()
    // Where the slowest was when the others began their turns: it comes only further.
    if (aligned) this.align(all)
    for (let count = 0; count < all.length; count++) {
      const task = all[this.next++ % all.length]!
      if (this.attempt(task, () => task.run(deadline))) worked = true
      const now = performance.now()
      task.processingMs += now - before
      this.ran(task, now - before)
      task.notePauses(now)
      if (now >= deadline) break
      before = now
    }
    return worked
  }

  /** Has a task do something; where it meets what cannot be read yet, it is to begin anew only when it can. */
  private attempt<T>(task: Task, work: () => T): T {
    try {
      return work()
    } catch (error) {
      const pending = causeOfClass(error, SchemaPendingError)
      if (pending !== undefined) this.awaited.set(task.id, pending.ready)
      throw error
    }
  }

  /** Looks after event time that comes from watermarks: where nothing is read, and where partitions run ahead. */
  tick(): void {
    const { all } = this
    if (!all.some(({ watermarked }) => watermarked)) return
    const now = performance.now()
    if (now < this.nextTick) return
    this.nextTick = now + TICK_MS
    const wallTime = this.wallClock()
    for (const task of all) task.tick(wallTime, this.draining)
  }

  /** Takes note that nothing is read on from: what waits for a commit is at its bound. */
  notePauses(): void {
    const now = performance.now()
    for (const task of this.all) task.notePauses(now, 'commit')
  }

  /** Fires what the wall clock has due; returns whether anything was. */
  punctuate(): boolean {
    let fired = false
    for (const task of this.all) if (this.attempt(task, () => task.punctuate())) fired = true
    return fired
  }

  /** Milliseconds until there is something to do though nothing is fetched; infinite: never. */
  get timeToWork(): number {
    let time = Number.POSITIVE_INFINITY
    for (const { timeToPunctuation, timeToInput } of this.all) {
      time = Math.min(time, timeToPunctuation, timeToInput)
    }
    if (this.all.some(({ watermarked }) => watermarked))
      time = Math.min(time, this.nextTick - performance.now())
    return Math.max(0, time)
  }

  /** Records that this thread has processed since it began. */
  get recordsProcessed(): number {
    return this.all.reduce((sum, task) => sum + task.recordsProcessed, this.processedBefore)
  }

  /** What this thread has done for each task since it began, those that it has no more included. */
  get counts(): TaskMetrics[] {
    const counts = new Map(this.former)
    for (const task of this.all) counts.set(task.id, this.countsOf(task))
    return [...counts.values()]
  }

  private countsOf({ id: task, recordsProcessed, processingMs }: Task): TaskMetrics {
    const before = this.former.get(task)
    return {
      task,
      recordsProcessed: recordsProcessed + (before?.recordsProcessed ?? 0),
      processingMs: processingMs + (before?.processingMs ?? 0),
    }
  }

  /** Records up to the last stable offset that are not processed; undefined until known of every partition. */
  get lag(): number | undefined {
    let total = 0
    for (const { lag } of this.all) {
      if (lag === undefined) return undefined
      total += lag
    }
    return total
  }

  /** The tasks that read any of these partitions. */
  tasksOf(partitions: readonly TopicPartition[]): Task[] {
    return [...this.group(partitions).keys()].flatMap((id) => this.tasks.get(id)?.task ?? [])
  }

  /**
   * From now on tasks process nothing more, not even those that are still starting; what they have processed can be
   * committed. To be called before the commit that comes before `close`: what a task adds behind it would be sent
   * with the commit of the tasks that stay, without the task's offsets and state.
   */
  retire(tasks: readonly Task[]): void {
    for (const task of tasks) {
      this.tasks.get(task.id)?.starting.abort()
      task.pause()
    }
  }

  /** Closes tasks; what they have not committed is dropped. */
  async close(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      const managed = this.tasks.get(task.id)
      if (managed === undefined) continue
      await this.stop(managed)
      await this.lifecycle.close(task)
      this.processedBefore += task.recordsProcessed
      this.former.set(task.id, this.countsOf(task))
      this.tasks.delete(task.id)
    }
    this.refresh()
  }

  /** Drops everything that is not committed and starts all tasks again from what is. */
  async restart(): Promise<void> {
    for (const managed of this.tasks.values()) {
      await this.stop(managed)
      Object.assign(managed, this.start(managed.task))
    }
  }

  private start(task: Task): ManagedTask {
    const starting = new AbortController()
    // Every store that is restored listens.
    setMaxListeners(0, starting.signal)
    const started = this.begin(task, starting.signal).then(
      () => this.ready(),
      (error: unknown) => {
        if (!starting.signal.aborted) this.failed(error)
      },
    )
    return { task, starting, started }
  }

  private async begin(task: Task, signal: AbortSignal): Promise<void> {
    const awaited = this.awaited.get(task.id)
    this.awaited.delete(task.id)
    if (awaited !== undefined) await unlessAborted(awaited, signal)
    await this.lifecycle.start(task, signal)
  }

  private async stop(managed: ManagedTask): Promise<void> {
    managed.starting.abort()
    await managed.started
    managed.task.suspend()
    managed.task.state.discard()
  }

  private refresh(): void {
    this.all = [...this.tasks.values()].map(({ task }) => task)
  }

  private group(partitions: readonly TopicPartition[]) {
    const groups = new Map<
      string,
      { subTopology: SubTopology; partition: number; inputs: TopicPartition[] }
    >()
    for (const topicPartition of partitions) {
      const { topic, partition } = topicPartition
      const subTopology = this.readerOf(topic)
      const id = formatTaskId(subTopology.id, partition)
      const group = groups.get(id)
      if (group === undefined) groups.set(id, { subTopology, partition, inputs: [topicPartition] })
      else group.inputs.push(topicPartition)
    }
    return groups
  }
}
