import { backoffMs, isRetriable, sleep } from '../coordinator/retry.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type { TopicPartition } from '../topic-partition.js'
import type { BrokerTransport } from '../transport/broker-transport.js'
import type { JoinGroupResponse } from './api/join-group.js'
import { decodeAssignment, encodeSubscription } from './consumer-protocol.js'
import type { MemberAssignment } from './group-assignor.js'
import { MembershipError, MembershipLostError, NotAMemberError } from './group-errors.js'
import type { GroupMemberOptions } from './group-member-options.js'
import type { GroupMemberState } from './group-member-state.js'
import type { GroupMetadata } from './group-metadata.js'
import { GroupProtocol } from './group-protocol.js'
import { HeartbeatTimer } from './heartbeat-timer.js'
import { assignAll } from './leader-assignment.js'
import { isMemberFenced, isMembershipLost } from './member-fencing.js'
import { without } from './partition-set.js'

/** An unanswered heartbeat is given up in time for others, on a new connection, before the session ends. */
const HEARTBEATS_PER_SESSION = 3
const LEAVE_TIMEOUT_MS = 5_000
const NO_ASSIGNMENTS: ReadonlyMap<string, Buffer> = new Map()

/**
 * A member of a consumer group: classic protocol, cooperative rebalancing (KIP-429), heartbeats on a timer. It needs a
 * transport of its own: the coordinator holds a JoinGroup back, and with it the heartbeats behind it.
 */
export class GroupMember {
  private current: GroupMemberState = 'new'
  private memberId = ''
  /** Of the last JoinGroup; -1 after the membership was lost. */
  private generationId = -1
  private owned: readonly TopicPartition[] = []
  private ownedGeneration = -1
  /** The generation that may commit: the former one until the coordinator has answered that it has a new one. */
  private committable: GroupMetadata | undefined
  private joining: Promise<JoinGroupResponse> | undefined
  private rejoinWanted = false
  private wake: (() => void) | undefined
  private begun: { resolve: () => void; reject: (reason: Error) => void } | undefined
  private progressAt = performance.now()
  private readonly closing = new AbortController()
  private readonly heartbeats: HeartbeatTimer
  private readonly protocol: GroupProtocol
  private readonly sessionTimeoutMs: number
  private readonly rebalanceTimeoutMs: number
  private readonly maxPollIntervalMs: number

  constructor(
    transport: BrokerTransport,
    private readonly options: GroupMemberOptions,
  ) {
    this.sessionTimeoutMs = options.sessionTimeoutMs ?? 45_000
    this.rebalanceTimeoutMs = options.rebalanceTimeoutMs ?? 60_000
    this.maxPollIntervalMs = options.maxPollIntervalMs ?? 300_000
    this.protocol = new GroupProtocol(transport, options.groupId)
    this.heartbeats = new HeartbeatTimer(options.heartbeatIntervalMs ?? 3_000, () =>
      this.beat().catch((error: Error) => this.fail(error)),
    )
  }

  get state(): GroupMemberState {
    return this.current
  }

  /** Whether there is a generation to commit in. */
  get joined(): boolean {
    return this.committable !== undefined
  }

  /**
   * What commits are fenced by. In the midst of a rebalance, what is owned stays so until `revoked`: no leader gives
   * it to another member before.
   *
   * @throws {NotAMemberError} outside of a generation: there a commit would not be fenced.
   */
  get metadata(): GroupMetadata {
    if (this.committable === undefined) throw new NotAMemberError(this.options.groupId)
    return this.committable
  }

  /**
   * The generation to commit in after the coordinator has refused an earlier one: a rebalance that we take part in was
   * complete there before we heard of it. Undefined where the membership did not go on.
   */
  async renewed(refused: GroupMetadata): Promise<GroupMetadata | undefined> {
    await Promise.allSettled([this.joining])
    const { committable } = this
    const goesOn = committable !== undefined && committable.memberId === refused.memberId
    return goesOn && committable.generationId > refused.generationId ? committable : undefined
  }

  get ownedPartitions(): readonly TopicPartition[] {
    return this.owned
  }

  /**
   * Joins, and goes on rejoining as needed; everything further is told to the listener. Resolves when the first
   * generation is complete; rejects if the membership ends before.
   */
  async join(): Promise<void> {
    if (this.current !== 'new')
      throw new MembershipError(this.options.groupId, new Error('it was joined before'))
    this.progressAt = performance.now()
    this.heartbeats.start()
    return new Promise((resolve, reject) => {
      this.begun = { resolve, reject }
      void this.run()
    })
  }

  /** Asks for a rebalance: what the assignor goes by has changed. */
  requestRejoin(): void {
    this.rejoinWanted = true
    this.wake?.()
  }

  /** The owner is alive: says so at least every `maxPollIntervalMs`. */
  progress(): void {
    this.progressAt = performance.now()
    if (this.current !== 'stuck') return
    this.enter('preparing')
    this.requestRejoin()
  }

  /** Ends the membership, without callbacks. The group rebalances at once, unless the member is a static one. */
  async leave(): Promise<void> {
    this.close()
    await this.sendLeave('the member is closed')
  }

  /** Stops without leaving: the group notices after the session timeout, unless a static member is back before. */
  close(): void {
    if (this.current !== 'failed') this.current = 'closed'
    this.committable = undefined
    this.heartbeats.stop()
    const closed = new MembershipError(this.options.groupId, new Error('the member was closed'))
    this.closing.abort(closed)
    this.begun?.reject(closed)
    this.wake?.()
  }

  private enter(state: GroupMemberState): void {
    if (!this.ended) this.current = state
  }

  private get ended(): boolean {
    return this.closing.signal.aborted
  }

  private async run(): Promise<void> {
    try {
      while (!this.ended) {
        await this.rebalance()
        await this.untilRejoin()
      }
    } catch (error) {
      if (!this.ended) this.fail(error as Error)
    }
  }

  private untilRejoin(): Promise<void> {
    if (this.ended || (this.rejoinWanted && this.current !== 'stuck')) return Promise.resolve()
    return new Promise((resolve) => {
      this.wake = () => {
        if (this.current === 'stuck') return
        this.wake = undefined
        resolve()
      }
    })
  }

  private async rebalance(): Promise<void> {
    this.enter('preparing')
    await this.options.listener.beforeJoin()
    const assignment = await this.nextGeneration()
    if (assignment === undefined) return
    this.options.listener.afterSync()
    this.begun?.resolve()
    await this.take(assignment)
  }

  /** JoinGroup and SyncGroup until a generation is complete; undefined if the membership ended meanwhile. */
  private async nextGeneration(): Promise<MemberAssignment | undefined> {
    for (let tries = 1; !this.ended && !this.stuck; tries++) {
      try {
        this.enter('joining')
        this.joining = this.joinGroup()
        const joined = await this.joining
        const assignment = await this.syncGroup(joined)
        return assignment
      } catch (error) {
        if (this.ended) return undefined
        await this.afterFailure(error, tries)
      }
    }
    return undefined
  }

  private get stuck(): boolean {
    return this.current === 'stuck'
  }

  private async joinGroup(): Promise<JoinGroupResponse> {
    const { groupId, groupInstanceId, topics, assignor } = this.options
    this.rejoinWanted = false
    const subscription = encodeSubscription({
      topics,
      userData: assignor.userData(),
      ownedPartitions: this.owned,
      generation: this.ownedGeneration,
    })
    const ask = (): Promise<JoinGroupResponse> =>
      this.protocol.join({
        groupId,
        sessionTimeoutMs: this.sessionTimeoutMs,
        rebalanceTimeoutMs: this.rebalanceTimeoutMs,
        memberId: this.memberId,
        groupInstanceId: groupInstanceId ?? null,
        protocolName: assignor.name,
        subscription,
        reason: null,
      })
    let joined = await ask()
    this.memberId = joined.memberId
    if (joined.errorCode === ErrorCode.MEMBER_ID_REQUIRED && !this.ended) joined = await ask()
    this.generationId = joined.generationId
    if (!this.ended) this.committable = this.membership()
    return joined
  }

  private async syncGroup(joined: JoinGroupResponse): Promise<MemberAssignment> {
    const group = this.membership()
    this.closing.signal.throwIfAborted()
    const leads = joined.leader === joined.memberId && !joined.skipAssignment
    if (leads) this.enter('assigning')
    const assignments = leads ? await assignAll(this.options.assignor, joined.members) : NO_ASSIGNMENTS
    if (this.generationId !== group.generationId) {
      throw new KafkaProtocolError(ErrorCode.ILLEGAL_GENERATION, 'SyncGroup', { group: group.groupId })
    }
    this.enter('syncing')
    const bytes = await this.protocol.sync(
      group,
      this.options.assignor.name,
      assignments,
      this.rebalanceTimeoutMs,
    )
    this.closing.signal.throwIfAborted()
    this.enter('stable')
    return decodeAssignment(bytes)
  }

  /** Gives up what moves, takes what is new, and rejoins if something was given up, so that others get it. */
  private async take({ partitions, userData }: MemberAssignment): Promise<void> {
    const { listener } = this.options
    const { generationId } = this
    const revoked = without(this.owned, partitions)
    const added = without(partitions, this.owned)
    if (revoked.length > 0) await listener.revoked(revoked)
    if (this.ended || this.generationId !== generationId) return
    this.owned = partitions
    this.ownedGeneration = generationId
    await listener.assigned(added, partitions, userData)
    if (revoked.length > 0) this.requestRejoin()
  }

  /** Prepares the next try, or throws what no try cures. */
  private async afterFailure(error: unknown, tries: number): Promise<void> {
    if (error instanceof KafkaProtocolError && error.code === ErrorCode.REBALANCE_IN_PROGRESS) return
    if (isMembershipLost(error)) this.lose(error)
    else if (isRetriable(error)) await sleep(backoffMs(error, tries), this.closing.signal)
    else throw error
  }

  /** Resolves with false if the coordinator could not be asked. */
  private async beat(): Promise<boolean> {
    if (this.generationId < 0 || this.current === 'joining' || this.current === 'syncing') return true
    if (performance.now() - this.progressAt > this.maxPollIntervalMs) return this.leaveStuck()
    const group = this.membership()
    try {
      await this.protocol.heartbeat(group, this.sessionTimeoutMs / HEARTBEATS_PER_SESSION)
      return true
    } catch (error) {
      if (this.ended || this.generationId !== group.generationId) return true
      return this.afterHeartbeat(error)
    }
  }

  private afterHeartbeat(error: unknown): boolean {
    if (isRetriable(error)) return false
    const rebalancing = error instanceof KafkaProtocolError && error.code === ErrorCode.REBALANCE_IN_PROGRESS
    if (!rebalancing) {
      if (!isMembershipLost(error)) throw error
      this.lose(error)
    }
    this.requestRejoin()
    return true
  }

  /** No progress: the partitions are better off elsewhere. */
  private async leaveStuck(): Promise<boolean> {
    const group = this.membership()
    this.enter('stuck')
    this.forget(
      '',
      this.lostBecause(`there was no progress for ${this.maxPollIntervalMs} ms (maxPollInterval)`),
    )
    try {
      await this.sendLeave('no progress within the maximum poll interval', group)
    } catch (error) {
      // Then the session timeout removes the member, as no heartbeat is sent any more.
      if (!isRetriable(error)) throw error
    }
    return true
  }

  /** Others may own our partitions by now. The member id outlives its generation, unless the coordinator forgot it. */
  private lose(error: KafkaProtocolError): void {
    const { sessionTimeoutMs } = this
    const why = `it was not heard from in time (sessionTimeout is ${sessionTimeoutMs} ms): ${error.message}`
    this.forget(
      error.code === ErrorCode.ILLEGAL_GENERATION ? this.memberId : '',
      this.lostBecause(why, error),
    )
  }

  private lostBecause(why: string, cause?: Error): MembershipLostError {
    return new MembershipLostError(this.options.groupId, why, cause)
  }

  private forget(memberId: string, reason: MembershipLostError): void {
    const lost = this.owned
    this.memberId = memberId
    this.generationId = -1
    this.owned = []
    this.ownedGeneration = -1
    this.committable = undefined
    if (lost.length > 0) this.options.listener.lost(lost, reason)
  }

  private fail(cause: Error): boolean {
    this.current = 'failed'
    this.heartbeats.stop()
    this.closing.abort(cause)
    const lost = this.owned
    this.owned = []
    this.committable = undefined
    if (lost.length > 0) this.options.listener.lost(lost, undefined)
    const ended = new MembershipError(this.options.groupId, cause)
    this.begun?.reject(ended)
    this.options.listener.fatal(ended)
    return true
  }

  private membership(): GroupMetadata {
    const { groupId, groupInstanceId } = this.options
    return { groupId, generationId: this.generationId, memberId: this.memberId, groupInstanceId }
  }

  private async sendLeave(reason: string, group = this.membership()): Promise<void> {
    if (group.memberId === '' || group.groupInstanceId !== undefined) return
    try {
      await this.protocol.leave(group, reason, LEAVE_TIMEOUT_MS)
    } catch (error) {
      if (!isMemberFenced(error)) throw error
    }
  }
}
