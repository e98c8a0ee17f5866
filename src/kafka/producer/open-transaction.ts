import type { RetryLimits } from '../coordinator/retry.js'
import type { CommittableOffset } from '../group/api/committable-offsets.js'
import type { GroupMetadata } from '../group/group-metadata.js'
import { type TopicPartition, topicPartitionKey } from '../topic-partition.js'
import type { ProducerIdentity } from './producer-identity.js'
import type { TransactionProtocol, TransactionVersion } from './transaction-protocol.js'

/** One transaction, from its first send to its end: what the coordinator has been told of it. */
export class OpenTransaction {
  private readonly partitions = new Set<string>()
  private readonly groups = new Set<string>()
  private adding: Promise<void> = Promise.resolve()
  private told: boolean

  constructor(
    private readonly protocol: TransactionProtocol,
    private readonly identity: ProducerIdentity,
    readonly version: TransactionVersion,
  ) {
    // Under v2 a lost produce response may have told the coordinator; it also takes the abort of an empty transaction.
    this.told = version === 2
  }

  /** Makes partitions writable; calls take effect in their order, so that batches keep theirs. */
  async admit(partitions: readonly TopicPartition[], limits: RetryLimits): Promise<void> {
    if (this.version === 2) return
    this.adding = this.adding.then(() => this.add(partitions, limits))
    await this.adding
  }

  private async add(partitions: readonly TopicPartition[], limits: RetryLimits): Promise<void> {
    const added = new Map<string, TopicPartition>()
    for (const { topic, partition } of partitions) {
      const key = topicPartitionKey(topic, partition)
      if (!this.partitions.has(key)) added.set(key, { topic, partition })
    }
    if (added.size === 0) return
    this.told = true
    await this.protocol.addPartitions(this.identity, [...added.values()], limits)
    for (const key of added.keys()) this.partitions.add(key)
  }

  async commitOffsets(
    group: GroupMetadata,
    offsets: readonly CommittableOffset[],
    limits: RetryLimits,
  ): Promise<void> {
    if (this.version === 1 && !this.groups.has(group.groupId)) {
      this.told = true
      await this.protocol.addGroup(this.identity, group.groupId, limits)
      this.groups.add(group.groupId)
    }
    await this.protocol.commitOffsets(this.identity, this.version, group, offsets, limits)
  }

  /** Repeats EndTxn until it is answered; v2 gives the identity of the next transaction. */
  async end(commit: boolean, limits: RetryLimits): Promise<ProducerIdentity | undefined> {
    return this.told ? this.protocol.end(this.identity, this.version, commit, limits) : undefined
  }
}
