import { setImmediate as turn } from 'node:timers/promises'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import { GroupAlignment } from '../../src/runtime/group-alignment.js'
import type { CommittedProgress, GroupProgress } from '../../src/runtime/group-progress.js'
import type { Task } from '../../src/runtime/task.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import type { SubTopology } from '../../src/topology/sub-topology.js'

const TOPIC = 'input'
/** How much time passes in a step, milliseconds. */
const STEP_MS = 10

/** A partition of the group's topic: a log of timestamps that never decrease. */
export interface SimulatedPartition {
  readonly log: readonly number[]
  /** Records that its owner can read in a second. */
  readonly recordsPerSecond: number
}

export interface GroupOptions {
  readonly maxDrift: number
  readonly commitIntervalMs: number
  /** From the end of an epoch until others see its offsets. */
  readonly commitTakesMs: number
  /** Whether the first record of each partition is committed at first. */
  readonly begun?: boolean
}

/** A partition as its owner reads it: what alignment sees of a task's input. */
export class SimulatedInput {
  readonly topic = TOPIC
  readonly idle = false
  limit = Number.POSITIVE_INFINITY
  limitedBy: unknown
  private allowance = 0

  constructor(
    readonly partition: number,
    private readonly of: SimulatedPartition,
    readonly alignment: { readonly group: string; readonly maxDrift: number },
    public offset: number,
    public eventTime: number,
  ) {}

  get lag(): number {
    return this.of.log.length - this.offset
  }

  get held(): boolean {
    return this.eventTime > this.limit
  }

  /** Reads for a step;  */
  read(): void {
    this.allowance = Math.min(
      this.allowance + this.of.recordsPerSecond / (1000 / STEP_MS),
      this.of.recordsPerSecond,
    )
    while (this.allowance >= 1 && this.lag > 0 && !this.held) {
      this.eventTime = Math.max(this.eventTime, this.of.log[this.offset]!)
      this.offset++
      this.allowance--
    }
    if (this.held) this.allowance = 0
  }
}

/** A thread of the group. */
class SimulatedMember {
  inputs: SimulatedInput[] = []
  readonly alignment: GroupAlignment
  private nextCommit: number

  constructor(
    private readonly group: SimulatedGroup,
    phase: number,
  ) {
    this.nextCommit = phase
    const source = {
      kind: 'source',
      topics: [TOPIC],
      watermark: Watermarks.monotonous().withAlignment('group', group.options.maxDrift),
    }
    this.alignment = new GroupAlignment(
      [{ nodes: [source] } as unknown as SubTopology],
      group,
      () => this.tasks,
      () => {},
      () => {},
    )
  }

  get tasks(): readonly Task[] {
    return this.inputs.map((input) => ({ alignedInputs: [input] }) as unknown as Task)
  }

  step(now: number): void {
    this.alignment.align(this.tasks)
    for (const input of this.inputs) input.read()
    this.alignment.poll()
    if (now < this.nextCommit) return
    const { commitIntervalMs, commitTakesMs } = this.group.options
    this.nextCommit = now + Math.max(commitIntervalMs, commitTakesMs)
    for (const { partition, offset, eventTime } of this.inputs)
      this.group.commit(partition, { offset, eventTime })
  }
}

/**
 * A consumer group whose partitions are aligned, on a clock of its own: each member reads as fast as it can where it is not
 * held, commits now and then, and learns of the others by the real thing.
 */
export class SimulatedGroup implements GroupProgress {
  /** `performance.now()`, which the test puts this one in the place of. */
  now = 0
  requests = 0
  readonly members: SimulatedMember[]
  private readonly offsets = new Map<string, CommittedProgress>()
  private readonly underWay: {
    readonly at: number
    readonly key: string
    readonly progress: CommittedProgress
  }[] = []

  /** One member a partition, at first. */
  constructor(
    private readonly partitions: readonly SimulatedPartition[],
    readonly options: GroupOptions,
  ) {
    this.members = partitions.map((_, index) => new SimulatedMember(this, (index * 37) % 100))
    for (const [partition, { log }] of partitions.entries()) {
      if (options.begun === true)
        this.offsets.set(topicPartitionKey(TOPIC, partition), { offset: 1, eventTime: log[0]! })
      this.assign(partition, partition)
    }
  }

  /** Has a member go on with a partition, from where it was committed. */
  assign(member: number, partition: number): SimulatedInput {
    const { offset = 0, eventTime = -1 } = this.offsets.get(topicPartitionKey(TOPIC, partition)) ?? {}
    const alignment = { group: 'group', maxDrift: this.options.maxDrift }
    const input = new SimulatedInput(partition, this.partitions[partition]!, alignment, offset, eventTime)
    this.members[member]!.inputs.push(input)
    return input
  }

  /** A member is gone, with what it has not committed. */
  kill(member: number): void {
    this.members[member]!.inputs = []
  }

  get inputs(): readonly SimulatedInput[] {
    return this.members.flatMap(({ inputs }) => inputs)
  }

  /** Whether every partition is read by somebody. */
  get complete(): boolean {
    return this.inputs.length === this.partitions.length
  }

  get finished(): boolean {
    return this.complete && this.inputs.every(({ lag }) => lag === 0)
  }

  /** The one of those that have something to read whose event time is least. */
  get slowest(): SimulatedInput | undefined {
    const behind = this.inputs.filter(({ lag }) => lag > 0)
    return behind.sort((one, other) => one.eventTime - other.eventTime)[0]
  }

  /** Lets time pass. */
  async step(): Promise<void> {
    this.now += STEP_MS
    while (this.underWay.length > 0 && this.underWay[0]!.at <= this.now) {
      const { key, progress } = this.underWay.shift()!
      this.offsets.set(key, progress)
    }
    for (const member of this.members) member.step(this.now)
    await turn()
  }

  commit(partition: number, progress: CommittedProgress): void {
    const at = this.now + this.options.commitTakesMs
    this.underWay.push({ at, key: topicPartitionKey(TOPIC, partition), progress })
  }

  async ends() {
    this.requests++
    return this.partitions.map(({ log }, partition) => ({ topic: TOPIC, partition, end: log.length }))
  }

  async committed(): Promise<ReadonlyMap<string, CommittedProgress>> {
    this.requests++
    return new Map(this.offsets)
  }
}
