import { topicPartitionKey } from '../kafka/topic-partition.js'
import { type SubTopology, sourcesOf } from '../topology/sub-topology.js'
import { type AnnouncedPartition, AnnouncedTimes } from './announced-times.js'
import type { CommittedProgress, GroupProgress, PartitionEnd } from './group-progress.js'
import type { Task } from './task.js'
import { align } from './watermark-alignment.js'

/** Where partitions are aligned a thread commits at least so often: that is how the others hear of it. */
const ANNOUNCEMENT_MS = 1_000

/** Between two looks at what others have committed. */
const LOOK_MS = 500
/** The same while a partition is held, which may go on as soon as the others have come up, and while members begin. */
const SOON_LOOK_MS = 100
/** For so long members begin, after other partitions are read here than before. */
const BEGINNING_MS = 5_000
/** The same while nobody else reads anything. */
const ALONE_LOOK_MS = 5_000
/** Many partitions are a long answer: they are asked for less often. */
const PARTITIONS_PER_MS = 1
/** Between two looks at the ends of partitions. */
const ENDS_MS = 1_000
/** After such a time without an answer nobody is waited for whom nothing is heard of. */
const FORGET_MS = 10_000

/**
 * Aligns the partitions that a thread reads with all others of their groups, whoever reads those: by the event times that
 * members commit with their offsets. So there is nothing to be set up, and what somebody knew who is gone stays known: a
 * partition that moves, or is being restored, holds the others back where it was committed.
 *
 * Others wait for a partition only where it has something to read: where its committed offset is before what was its end a
 * second or two ago, so that records which come one by one, and are committed soon after, hold up nobody. One that is
 * idle, empty, or at its end, needs no announcement: its offset tells. One of which no event time was ever committed is not
 * waited for.
 */
export class GroupAlignment {
  /** Alignment groups, by topic. */
  private readonly groups: ReadonlyMap<string, string>
  private readonly announced: ReadonlyMap<string, AnnouncedTimes>
  /** Of all partitions: as they are now, and as they were, by which it is told who has something to read. */
  private ends: readonly PartitionEnd[] = []
  private formerEnds: ReadonlyMap<string, number> = new Map()
  /** How many partitions are read here, and until when others may be about to begin as well. */
  private inputs = 0
  private beginUntil = 0
  private looking = false
  private lastLook = Number.NEGATIVE_INFINITY
  private lastEnds = Number.NEGATIVE_INFINITY
  /** Or when it was looked first; undefined: it was not yet. */
  private lastHeard: number | undefined
  private toldFailure = false

  constructor(
    subTopologies: readonly SubTopology[],
    private readonly progress: GroupProgress,
    private readonly tasks: () => readonly Task[],
    /** Called when more is known of others. */
    private readonly heard: () => void,
    /** Told once where nothing can be heard of others for long. */
    private readonly failed: (error: unknown) => void,
  ) {
    this.groups = alignedTopics(subTopologies)
    this.announced = new Map([...this.groups.values()].map((group) => [group, new AnnouncedTimes()]))
  }

  /** Whether there are partitions to align. */
  private get active(): boolean {
    return this.groups.size > 0
  }

  /** When to commit, so that others hear of it. */
  announcing<Policy extends { readonly commitIntervalMs: number }>(policy: Policy): Policy {
    if (!this.active) return policy
    return { ...policy, commitIntervalMs: Math.min(policy.commitIntervalMs, ANNOUNCEMENT_MS) }
  }

  /** Says of every partition that is read here up to where, by what is known now. */
  align(tasks: readonly Task[]): void {
    align(tasks, this.announced)
  }

  /** Begins to look at what others have committed, if it is time for it. */
  poll(): void {
    if (!this.active) return
    const now = performance.now()
    if (this.blind(now)) for (const announced of this.announced.values()) announced.forget()
    const passed = now - this.lastLook
    if (this.looking || passed < SOON_LOOK_MS || passed < this.interval(now)) return
    this.lastLook = now
    this.lastHeard ??= now
    this.looking = true
    void this.look().then(
      () => this.succeed(),
      (error: unknown) => this.fail(error),
    )
  }

  /** Whether nothing was heard for long. */
  private blind(now: number): boolean {
    return this.lastHeard !== undefined && now - this.lastHeard >= FORGET_MS
  }

  private interval(now: number): number {
    const inputs = this.tasks().flatMap((task) => task.alignedInputs)
    const alone = inputs.length === this.ends.length
    if (inputs.length !== this.inputs) {
      this.inputs = inputs.length
      this.beginUntil = now + BEGINNING_MS
      if (alone) this.hear(new Map())
    }
    if (inputs.length === 0) return Number.POSITIVE_INFINITY
    if (alone) return ALONE_LOOK_MS
    const soon = now < this.beginUntil || inputs.some(({ held }) => held)
    return Math.max(soon ? SOON_LOOK_MS : LOOK_MS, this.ends.length / PARTITIONS_PER_MS)
  }

  private async look(): Promise<void> {
    if (this.ends.length === 0) await this.lookAtEnds()
    const elsewhere = this.elsewhere()
    const committed = elsewhere.length === 0 ? new Map() : await this.progress.committed(elsewhere)
    this.hear(committed)
    if (performance.now() - this.lastEnds >= ENDS_MS) await this.lookAtEnds()
  }

  private async lookAtEnds(): Promise<void> {
    const before = this.ends
    this.lastEnds = performance.now()
    this.ends = await this.progress.ends([...this.groups.keys()])
    const former = before.length === 0 ? this.ends : before
    this.formerEnds = new Map(
      former.map(({ topic, partition, end }) => [topicPartitionKey(topic, partition), end]),
    )
  }

  /** The partitions that are not read here. */
  private elsewhere(): PartitionEnd[] {
    const here = new Set<string>()
    for (const task of this.tasks()) {
      for (const { topic, partition } of task.alignedInputs) here.add(topicPartitionKey(topic, partition))
    }
    return this.ends.filter(({ topic, partition }) => !here.has(topicPartitionKey(topic, partition)))
  }

  private hear(committed: ReadonlyMap<string, CommittedProgress>): void {
    const heard = new Map<string, AnnouncedPartition[]>(
      [...this.announced.keys()].map((group) => [group, []]),
    )
    // Looked at anew: meanwhile tasks may have begun here.
    for (const { topic, partition } of this.elsewhere()) {
      const key = topicPartitionKey(topic, partition)
      const progress = committed.get(key)
      if (progress === undefined) continue
      const { offset, eventTime } = progress
      const behind = offset < (this.formerEnds.get(key) ?? 0)
      heard.get(this.groups.get(topic)!)!.push({ topic, partition, eventTime, behind })
    }
    for (const [group, partitions] of heard) this.announced.get(group)!.hear(partitions)
    this.heard()
  }

  private succeed(): void {
    this.looking = false
    this.lastHeard = performance.now()
    this.toldFailure = false
  }

  private fail(error: unknown): void {
    this.looking = false
    if (this.toldFailure || !this.blind(performance.now())) return
    this.toldFailure = true
    this.failed(error)
  }
}

/** The alignment groups of a topology's source topics. */
function alignedTopics(subTopologies: readonly SubTopology[]): Map<string, string> {
  const groups = new Map<string, string>()
  for (const { topics, watermark } of subTopologies.flatMap(sourcesOf)) {
    const group = watermark?.alignment?.group
    if (group !== undefined) for (const topic of topics) groups.set(topic, group)
  }
  return groups
}
