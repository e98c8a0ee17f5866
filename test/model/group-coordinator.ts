import type { OffsetCommitResult } from '../../src/kafka/group/api/committable-offsets.js'
import type { JoinGroupResponse } from '../../src/kafka/group/api/join-group.js'
import type { SyncGroupResponse } from '../../src/kafka/group/api/sync-group.js'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import type { SimulatedTime } from './simulated-time.js'

/** What a commit is fenced by. */
export interface Membership {
  readonly memberId: string
  readonly generation: number
}

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly metadata: string | null
}

export interface JoinRequest {
  readonly memberId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly subscription: Buffer
}

interface Member {
  readonly id: string
  sessionTimeoutMs: number
  deadline: number
  subscription: Buffer
  joining: ((response: JoinGroupResponse) => void) | undefined
  syncing: ((response: SyncGroupResponse) => void) | undefined
  assignment: Buffer
}

type GroupState = 'empty' | 'preparing' | 'completing' | 'stable'

const NOTHING: Buffer = Buffer.alloc(0)
const keyOf = (topic: string, partition: number): string => `${topic}-${partition}`

/** The coordinator of one consumer group: the classic protocol, committed offsets and those of open transactions. */
export class GroupCoordinator {
  generation = 0
  readonly committed = new Map<string, PartitionOffset>()
  /** Called at every offset that becomes committed. */
  onCommit: (offset: PartitionOffset, before: PartitionOffset | undefined) => void = () => {}
  private state: GroupState = 'empty'
  private leader = ''
  private rebalanceDeadline = 0
  private nextMember = 1
  private readonly members = new Map<string, Member>()
  private readonly expected = new Set<string>()
  private readonly pending = new Map<number, Map<string, PartitionOffset>>()

  constructor(private readonly time: SimulatedTime) {
    const look = (): void => {
      this.expire()
      time.schedule(500, look)
    }
    time.schedule(500, look)
  }

  join(request: JoinRequest): Promise<JoinGroupResponse> {
    const id = request.memberId
    if (id === '') {
      const memberId = `member-${this.nextMember++}`
      this.expected.add(memberId)
      return Promise.resolve(joinError(ErrorCode.MEMBER_ID_REQUIRED, memberId))
    }
    const known = this.members.get(id)
    if (known === undefined && !this.expected.delete(id)) {
      return Promise.resolve(joinError(ErrorCode.UNKNOWN_MEMBER_ID, id))
    }
    const unchanged = known?.subscription.equals(request.subscription) === true
    const member = known ?? newMember(id)
    this.members.set(id, member)
    member.sessionTimeoutMs = request.sessionTimeoutMs
    member.subscription = request.subscription
    this.alive(member)
    const stands = this.state === 'completing' || (this.state === 'stable' && id !== this.leader)
    if (unchanged && stands) return Promise.resolve(this.joined(member))
    return new Promise((resolve) => {
      this.prepare(request.rebalanceTimeoutMs)
      member.joining?.(joinError(ErrorCode.UNKNOWN_MEMBER_ID, id))
      member.joining = resolve
      this.completeJoin()
    })
  }

  sync(membership: Membership, assignments: ReadonlyMap<string, Buffer>): Promise<SyncGroupResponse> {
    const answer = (errorCode: number, assignment = NOTHING) => Promise.resolve({ errorCode, assignment })
    const refusal = this.refusal(membership)
    if (refusal !== ErrorCode.NONE) return answer(refusal)
    const member = this.members.get(membership.memberId)!
    this.alive(member)
    if (this.state === 'preparing') return answer(ErrorCode.REBALANCE_IN_PROGRESS)
    if (this.state === 'stable') return answer(ErrorCode.NONE, member.assignment)
    return new Promise((resolve) => {
      member.syncing = resolve
      if (member.id !== this.leader) return
      this.state = 'stable'
      for (const each of this.members.values()) {
        each.assignment = Buffer.from(assignments.get(each.id) ?? NOTHING)
        this.alive(each)
        each.syncing?.({ errorCode: ErrorCode.NONE, assignment: each.assignment })
        each.syncing = undefined
      }
    })
  }

  heartbeat(membership: Membership): number {
    const refusal = this.refusal(membership)
    if (refusal !== ErrorCode.NONE) return refusal
    this.alive(this.members.get(membership.memberId)!)
    return this.state === 'preparing' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE
  }

  leave(memberId: string): number {
    const member = this.members.get(memberId)
    if (member === undefined) return ErrorCode.UNKNOWN_MEMBER_ID
    this.remove(member)
    return ErrorCode.NONE
  }

  /** Offsets outside of a transaction. */
  commit(membership: Membership, offsets: readonly PartitionOffset[]): OffsetCommitResult[] {
    const refusal = this.refusal(membership)
    const rebalancing = refusal === ErrorCode.NONE && this.state === 'completing'
    const code = rebalancing ? ErrorCode.REBALANCE_IN_PROGRESS : refusal
    if (code === ErrorCode.NONE) for (const offset of offsets) this.put(offset)
    return offsets.map(({ topic, partition }) => ({ topic, partition, errorCode: code }))
  }

  /** Offsets that become committed with a producer's transaction. */
  commitPending(
    producerId: number,
    membership: Membership,
    offsets: readonly PartitionOffset[],
  ): OffsetCommitResult[] {
    // Kafka takes the offsets of a transaction without a membership, even into a group that has members.
    const unfenced = membership.generation < 0 && membership.memberId === ''
    const errorCode = unfenced ? ErrorCode.NONE : this.refusal(membership)
    if (errorCode === ErrorCode.NONE) {
      const pending = this.pending.get(producerId) ?? new Map<string, PartitionOffset>()
      this.pending.set(producerId, pending)
      for (const offset of offsets) pending.set(keyOf(offset.topic, offset.partition), offset)
    }
    return offsets.map(({ topic, partition }) => ({ topic, partition, errorCode }))
  }

  /** The marker of a producer's transaction has arrived. */
  end(producerId: number, commit: boolean): void {
    const pending = this.pending.get(producerId)
    this.pending.delete(producerId)
    if (commit) for (const offset of pending?.values() ?? []) this.put(offset)
  }

  get pendingTransactions(): number {
    return this.pending.size
  }

  /** The offset that is committed as soon as the markers of the given producers are there. */
  offsetAfter(key: string, isCommitting: (producerId: number) => boolean): number {
    let { offset = 0 } = this.committed.get(key) ?? {}
    for (const [producerId, offsets] of this.pending) {
      if (isCommitting(producerId)) offset = Math.max(offset, offsets.get(key)?.offset ?? 0)
    }
    return offset
  }

  fetch(topic: string, partition: number, requireStable: boolean) {
    const key = keyOf(topic, partition)
    const unstable = requireStable && [...this.pending.values()].some((offsets) => offsets.has(key))
    const { offset = -1, metadata = null } = (unstable ? undefined : this.committed.get(key)) ?? {}
    const errorCode = unstable ? ErrorCode.UNSTABLE_OFFSET_COMMIT : ErrorCode.NONE
    return { topic, partition, offset, metadata, errorCode }
  }

  private put(offset: PartitionOffset): void {
    const key = keyOf(offset.topic, offset.partition)
    this.onCommit(offset, this.committed.get(key))
    this.committed.set(key, offset)
  }

  private refusal({ memberId, generation }: Membership): number {
    if (!this.members.has(memberId)) return ErrorCode.UNKNOWN_MEMBER_ID
    return generation === this.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION
  }

  private alive(member: Member): void {
    member.deadline = this.time.now + member.sessionTimeoutMs
  }

  private prepare(rebalanceTimeoutMs: number): void {
    if (this.state === 'preparing') return
    this.state = 'preparing'
    this.rebalanceDeadline = this.time.now + rebalanceTimeoutMs
    for (const member of this.members.values()) {
      member.syncing?.({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS, assignment: NOTHING })
      member.syncing = undefined
    }
  }

  private completeJoin(): void {
    const members = [...this.members.values()]
    if (this.state !== 'preparing' || members.some(({ joining }) => joining === undefined)) return
    if (members.length === 0) {
      this.state = 'empty'
      return
    }
    this.state = 'completing'
    this.generation++
    if (!this.members.has(this.leader)) this.leader = members[0]!.id
    for (const member of members) {
      this.alive(member)
      member.joining!(this.joined(member))
      member.joining = undefined
    }
  }

  private joined(member: Member): JoinGroupResponse {
    const all = [...this.members.values()].map(({ id, subscription }) => ({
      memberId: id,
      groupInstanceId: null,
      subscription,
    }))
    return {
      errorCode: ErrorCode.NONE,
      generationId: this.generation,
      leader: this.leader,
      skipAssignment: false,
      memberId: member.id,
      members: member.id === this.leader ? all : [],
    }
  }

  private remove(member: Member): void {
    this.members.delete(member.id)
    member.joining?.(joinError(ErrorCode.UNKNOWN_MEMBER_ID, member.id))
    member.syncing?.({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, assignment: NOTHING })
    this.prepare(60_000)
    this.completeJoin()
  }

  /** Removes members whose session or whose time to rejoin is over. */
  private expire(): void {
    const late = this.state === 'preparing' && this.time.now >= this.rebalanceDeadline
    for (const member of [...this.members.values()]) {
      if (member.joining !== undefined) continue
      if (late || this.time.now >= member.deadline) this.remove(member)
    }
  }
}

const newMember = (id: string): Member => ({
  id,
  sessionTimeoutMs: 0,
  deadline: 0,
  subscription: NOTHING,
  joining: undefined,
  syncing: undefined,
  assignment: NOTHING,
})

const joinError = (errorCode: number, memberId: string): JoinGroupResponse => ({
  errorCode,
  generationId: -1,
  leader: '',
  skipAssignment: false,
  memberId,
  members: [],
})
