import type { TopicPartition } from '../topic-partition.js'

/** A member as the leader's assignor sees it. */
export interface AssignorMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly topics: readonly string[]
  /** What it says it owns, as of `generation`. */
  readonly ownedPartitions: readonly TopicPartition[]
  /** The generation in which it was given what it owns; -1 if it owns nothing. */
  readonly generation: number
  readonly userData: Buffer | null
}

export interface MemberAssignment {
  readonly partitions: readonly TopicPartition[]
  readonly userData: Buffer | null
}

export type Assignments = ReadonlyMap<string, MemberAssignment>

/** Who gets what; runs in the member that the coordinator made the leader. */
export interface GroupAssignor {
  /** All members must have the same: the protocol name in the group. */
  readonly name: string
  /** What this member tells the leader; asked before each join. */
  userData(): Buffer
  /**
   * Assigns partitions freely: what another member still owns is withheld until that one has given it up, so every
   * assignor is a cooperative one (KIP-429).
   */
  assign(members: readonly AssignorMember[]): Promise<Assignments> | Assignments
}
