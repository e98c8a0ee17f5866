import { encodeAssignment } from '../../../src/kafka/group/consumer-protocol.js'
import { GroupMember } from '../../../src/kafka/group/group-member.js'
import type { GroupMemberOptions } from '../../../src/kafka/group/group-member-options.js'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import type { TopicPartition } from '../../../src/kafka/topic-partition.js'
import { ScriptedTransport } from '../support/scripted-transport.js'

export const partitions = (...numbers: number[]): TopicPartition[] =>
  numbers.map((partition) => ({ topic: 't', partition }))

/** A coordinator of a group whose leader is somebody else, and a member whose callbacks are written down. */
export class ScriptedGroup {
  readonly transport = new ScriptedTransport()
  /** Everything that happened, in order: requests and callbacks. */
  readonly events: string[] = []
  generation = 0
  /** What SyncGroup assigns, one entry a generation; the last one stays. */
  assignments: number[][] = [[]]
  /** Error codes of the next answers, by API. */
  readonly errors = new Map<string, number[]>()
  private watchers: (() => void)[] = []
  private joinAnswers: Promise<void> = Promise.resolve()

  constructor() {
    this.transport
      .on('JoinGroup', async (request) => {
        this.note(`JoinGroup`)
        await this.joinAnswers
        const reader = request.read()
        reader.readCompactString()
        reader.readInt32()
        reader.readInt32()
        const memberId = reader.readCompactString()
        const asked = this.error('JoinGroup')
        const errorCode = asked === 0 && memberId === '' ? ErrorCode.MEMBER_ID_REQUIRED : asked
        if (errorCode === 0) this.generation++
        const answer = { errorCode, generationId: this.generation, leader: 'other', skipAssignment: false }
        return { ...answer, memberId: memberId || 'member-1', members: [] }
      })
      .on('SyncGroup', () => {
        this.note('SyncGroup')
        const errorCode = this.error('SyncGroup')
        const owned = this.assignments.length > 1 ? this.assignments.shift()! : this.assignments[0]!
        return {
          errorCode,
          assignment: encodeAssignment({ partitions: partitions(...owned), userData: null }),
        }
      })
      .on('Heartbeat', () => ({ errorCode: this.error('Heartbeat') }))
      .on('LeaveGroup', () => {
        this.note('LeaveGroup')
        return { errorCode: 0 }
      })
  }

  member(options: Partial<GroupMemberOptions> = {}): GroupMember {
    const numbers = (of: readonly TopicPartition[]): string => of.map(({ partition }) => partition).join()
    return new GroupMember(this.transport, {
      groupId: 'g',
      heartbeatIntervalMs: 5,
      topics: ['t'],
      assignor: { name: 'test', userData: () => Buffer.alloc(0), assign: () => new Map() },
      listener: {
        beforeJoin: async () => this.note('beforeJoin'),
        afterSync: () => this.note('afterSync'),
        revoked: async (revoked) => this.note(`revoked ${numbers(revoked)}`),
        assigned: (added, all) => this.note(`assigned ${numbers(added)} of ${numbers(all)}`),
        lost: (lost) => this.note(`lost ${numbers(lost)}`),
        fatal: (error) => this.note(`fatal ${error.message}`),
      },
      ...options,
    })
  }

  /** Leaves JoinGroup unanswered, as while others have not joined yet; gives what ends that. */
  holdJoins(): () => void {
    let release = (): void => {}
    this.joinAnswers = new Promise((resolve) => {
      release = resolve
    })
    return release
  }

  /** Answers the next heartbeats, joins or syncs with errors. */
  fail(api: string, ...codes: number[]): void {
    this.errors.set(api, codes)
  }

  /** Resolves when an event has happened `count` times. */
  async seen(event: string, count = 1): Promise<void> {
    const times = (): number => this.events.filter((each) => each.startsWith(event)).length
    while (times() < count) await new Promise<void>((resolve) => this.watchers.push(resolve))
  }

  note(event: string): void {
    this.events.push(event)
    for (const watcher of this.watchers.splice(0)) watcher()
  }

  private error(api: string): number {
    return this.errors.get(api)?.shift() ?? ErrorCode.NONE
  }
}
