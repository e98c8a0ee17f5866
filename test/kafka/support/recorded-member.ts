import type { Assignments, AssignorMember } from '../../../src/kafka/group/group-assignor.js'
import { GroupMember } from '../../../src/kafka/group/group-member.js'
import type { GroupMemberOptions } from '../../../src/kafka/group/group-member-options.js'
import type { TopicPartition } from '../../../src/kafka/topic-partition.js'
import type { WatchedTransport } from './watched-transport.js'

/** Spreads the partitions of one topic over the members; tells the leader its name, and everyone who is there. */
export class SpreadingAssignor {
  readonly name = 'spreading'

  constructor(
    private readonly topic: string,
    private readonly partitions: number,
    private readonly memberName: string,
  ) {}

  userData(): Buffer {
    return Buffer.from(this.memberName)
  }

  assign(members: readonly AssignorMember[]): Assignments {
    const names = members.map(({ userData }) => userData!.toString()).sort()
    const userData = Buffer.from(names.join())
    return new Map(
      members.map(({ memberId }, index) => {
        const all = Array.from({ length: this.partitions }, (_, partition) => ({
          topic: this.topic,
          partition,
        }))
        const partitions = all.filter(({ partition }) => partition % members.length === index)
        return [memberId, { partitions, userData }]
      }),
    )
  }
}

const numbersOf = (partitions: readonly TopicPartition[]): string =>
  partitions
    .map(({ partition }) => partition)
    .sort()
    .join()

export type RecordedMemberOptions = Omit<GroupMemberOptions, 'listener'>

/** A real member of a real group that writes down what it is told. */
export class RecordedMember {
  readonly events: string[] = []
  readonly member: GroupMember
  /** What the leader sent with the last assignment. */
  told = ''
  owned: number[] = []
  private watchers: (() => void)[] = []

  constructor(
    readonly transport: WatchedTransport,
    options: RecordedMemberOptions,
  ) {
    this.member = new GroupMember(transport, {
      heartbeatIntervalMs: 50,
      sessionTimeoutMs: 6_000,
      rebalanceTimeoutMs: 10_000,
      listener: {
        beforeJoin: async () => this.note('beforeJoin'),
        afterSync: () => this.note('afterSync'),
        revoked: async (revoked) => this.note(`revoked ${numbersOf(revoked)}`),
        assigned: (added, all, userData) => {
          this.told = userData?.toString() ?? ''
          this.owned = all.map(({ partition }) => partition).sort()
          this.note(`assigned ${numbersOf(added)}`)
        },
        lost: (lost) => this.note(`lost ${numbersOf(lost)}`),
        fatal: (error) => this.note(`fatal ${error.message}`),
      },
      ...options,
    })
  }

  /** Resolves when what the member knows is as wanted. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  private note(event: string): void {
    this.events.push(event)
    for (const watcher of this.watchers.splice(0)) watcher()
  }
}
