import type { TopicPartition } from '../topic-partition.js'
import type { MembershipLostError } from './group-errors.js'

/** What a member tells its owner. A callback that throws ends the membership with `fatal`. */
export interface GroupListener {
  /**
   * Awaited before JoinGroup: finish or abort the commit in flight, and until `afterSync` commit offsets in
   * transactions only. The coordinator takes those during a rebalance, and refuses others at times.
   */
  beforeJoin(): Promise<void>
  /** The new generation is complete: every commit may go on, with the metadata of now. */
  afterSync(): void
  /** Awaited before these partitions are given up: the last moment to commit for them. The others go on. */
  revoked(partitions: readonly TopicPartition[]): Promise<void>
  /**
   * Once per generation.
   *
   * @param added What is new.
   * @param all All that is owned now.
   * @param userData What the leader's assignor sent.
   */
  assigned(
    added: readonly TopicPartition[],
    all: readonly TopicPartition[],
    userData: Buffer | null,
  ): void | Promise<void>
  /**
   * The membership is over and others may own these partitions already: drop their work, never commit it.
   *
   * @param reason undefined: for good, as `fatal` tells next
   */
  lost(partitions: readonly TopicPartition[], reason: MembershipLostError | undefined): void
  /** The member has given up for good. */
  fatal(error: Error): void
}
