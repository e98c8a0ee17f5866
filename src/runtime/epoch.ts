import { commitOffsets } from '../kafka/group/committed-offsets.js'
import type { GroupMetadata } from '../kafka/group/group-metadata.js'
import type { ProducedBatch } from '../kafka/producer/produce-run.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { StagedEpoch } from '../state/staged-epoch.js'
import type { Steps } from '../state/steps.js'
import type { WallClock } from '../time/wall-clock.js'
import { encodeCommitMetadata } from './commit-metadata.js'
import { takeStep } from './commit-steps.js'
import type { CollectedOutput, RecordCollector } from './record-collector.js'
import type { InputPosition, Task } from './task.js'
import type { ThreadProducer } from './thread-producer.js'
import { type SentToTopic, sentByTopic, type TopicCounts } from './topic-counts.js'
import type { WatermarkBroadcast } from './watermark-broadcast.js'

/** A commit has ended because what it commits is being dropped; whoever drops it knows why. */
export class EpochDropped extends Error {}

/** What an epoch is committed with. */
export interface EpochContext {
  readonly fingerprint: string
  readonly collector: RecordCollector
  readonly producer: ThreadProducer
  readonly broadcast: WatermarkBroadcast
  readonly transport: BrokerTransport
  readonly wallClock: WallClock
  readonly topicCounts: TopicCounts
  /** The membership at this moment: it fences the commit. */
  readonly group: () => GroupMetadata
  /** The membership that follows a refused one; undefined where there is none. */
  readonly renewed: (refused: GroupMetadata) => Promise<GroupMetadata | undefined>
}

interface TaskPart {
  readonly task: Task
  readonly staged: StagedEpoch
  readonly positions: readonly InputPosition[]
}

/**
 * What a thread has processed between two commits, and its commit: the one unit in which offsets, output,
 * changelogs and local state become durable together. The steps are those of docs/commit.md:
 *
 * 1. end at a record boundary: record caches flushed downstream,
 * 2. every changed value serialized,
 * 3. output and changelogs produced, all acknowledged; at least once the output before the changelogs,
 * 4. input offsets added to the transaction (TxnOffsetCommit),
 * 5. the transaction committed (EndTxn), its outcome known,
 * 6. state and positions written locally, one atomic batch a task.
 *
 * A crash anywhere leaves local state that is at most behind what Kafka has.
 */
export class Epoch {
  /** What was produced, by topic. */
  sent: readonly SentToTopic[] = []
  /** How long its transaction took, milliseconds; undefined: there was none, or it is not committed. */
  transactionMs: number | undefined

  private constructor(
    private readonly context: EpochContext,
    private readonly parts: readonly TaskPart[],
    private readonly output: CollectedOutput,
    /** Bytes that it keeps until it is committed. */
    readonly byteLength: number,
  ) {}

  /**
   * Steps 1 and 2, in steps between which nothing may be processed: what is processed afterwards belongs to the next
   * epoch.
   */
  static *end(tasks: readonly Task[], context: EpochContext): Steps<Epoch> {
    const { collector } = context
    for (const task of tasks) yield* task.state.flushCaches()
    const parts: TaskPart[] = []
    for (const task of tasks) {
      const staged = yield* task.state.stage(task.changelog)
      parts.push({ task, staged, positions: task.endEpoch() })
    }
    context.broadcast.tell(tasks)
    const byteLength = collector.byteLength
    return new Epoch(context, parts, collector.take(), byteLength)
  }

  /** Output records of the epoch. */
  get outputRecords(): number {
    return this.output.records
  }

  /**
   * Steps 3 to 6 in one Kafka transaction. Rejects if the transaction was not committed; then nothing was.
   *
   * @param dropped whether the epoch is to be dropped by now. While it was produced the membership may have been lost and
   *   another one begun, in which the offsets would be accepted, though others have the partitions
   */
  async commitTransaction(dropped: () => boolean): Promise<void> {
    const { producer, group, renewed } = this.context
    const begun = performance.now()
    const changelogEnds = await takeStep('produce', () => this.produceAll())
    requireKept(dropped)
    const goesOn = async (refused: GroupMetadata): Promise<GroupMetadata | undefined> => {
      const next = await renewed(refused)
      return dropped() ? undefined : next
    }
    await takeStep('offsets', () => producer.sendOffsets(group(), this.offsets(), goesOn))
    await takeStep('end-transaction', () => producer.commit())
    this.transactionMs = performance.now() - begun
    await takeStep('local-write', () => this.persist(changelogEnds))
  }

  /** Steps 3 to 6 at least once: a crash in between repeats what was produced. */
  async commitAtLeastOnce(dropped: () => boolean): Promise<void> {
    const { transport, group } = this.context
    const changelogEnds = await takeStep('produce', () => this.produceInTurn(dropped))
    requireKept(dropped)
    await takeStep('offsets', () => commitOffsets(transport, group(), this.offsets()))
    await takeStep('local-write', () => this.persist(changelogEnds))
  }

  /** Output and changelogs at once: a transaction has them all or none. @returns where changelogs end */
  private async produceAll(): Promise<ReadonlyMap<string, number>> {
    const { collector, producer } = this.context
    const { batches, changelogs } = this.output
    await collector.resolve(this.output)
    const produced = await producer.produce([...batches, ...changelogs])
    return this.allSent(produced.slice(batches.length))
  }

  /**
   * First the output, then the changelogs. What is handed on may come of state alone that an earlier epoch has kept, a timer
   * or a row that waits: a changelog that says that it is gone, while the output is not there, would lose it.
   *
   * @returns where changelogs end
   */
  private async produceInTurn(dropped: () => boolean): Promise<ReadonlyMap<string, number>> {
    const { collector, producer } = this.context
    const { batches, changelogs } = this.output
    await collector.resolve(this.output)
    await producer.produce(batches)
    requireKept(dropped)
    return this.allSent(await producer.produce(changelogs))
  }

  /** Takes note that all is sent. @param produced the changelogs */
  private allSent(produced: readonly ProducedBatch[]): ReadonlyMap<string, number> {
    const ends = new Map<string, number>()
    for (const [index, { topic, partition, baseOffset }] of produced.entries()) {
      const end = baseOffset + this.output.changelogs[index]!.builder.count
      const key = topicPartitionKey(topic, partition)
      ends.set(key, Math.max(end, ends.get(key) ?? 0))
    }
    this.sent = sentByTopic(this.output)
    this.context.collector.recycle(this.output)
    return ends
  }

  private offsets(): { topic: string; partition: number; offset: number; metadata: string }[] {
    const { fingerprint } = this.context
    return this.parts.flatMap(({ positions }) =>
      positions.map((position) => {
        const { topic, partition, offset } = position
        return { topic, partition, offset, metadata: encodeCommitMetadata(fingerprint, position) }
      }),
    )
  }

  private async persist(changelogEnds: ReadonlyMap<string, number>): Promise<void> {
    await Promise.all(
      this.parts.map(async ({ task, staged, positions }) => {
        const changelogOffsets = new Map<string, number>()
        for (const [store, topic] of task.changelogTopics) {
          const end = changelogEnds.get(topicPartitionKey(topic, task.partition))
          if (end !== undefined) changelogOffsets.set(store, end)
        }
        const inputOffsets = new Map(
          positions.map(({ topic, partition, offset }) => [topicPartitionKey(topic, partition), offset]),
        )
        for (const { name, sourceTopic } of task.subTopology.stores) {
          if (sourceTopic === undefined) continue
          const read = inputOffsets.get(topicPartitionKey(sourceTopic, task.partition))
          if (read !== undefined) changelogOffsets.set(name, read)
        }
        await task.state.persist(staged, { changelogOffsets, inputOffsets })
        task.epochCommitted(positions, this.context.wallClock())
      }),
    )
  }
}

function requireKept(dropped: () => boolean): void {
  if (dropped()) throw new EpochDropped('what was processed is being dropped: nothing of it may be committed')
}
