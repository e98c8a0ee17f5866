import { newestVersion } from '../coordinator/api-version.js'
import { CoordinatorClient } from '../coordinator/coordinator-client.js'
import { ErrorCode } from '../protocol/error-codes.js'
import type { BrokerTransport } from '../transport/broker-transport.js'
import { heartbeatCall } from './api/heartbeat.js'
import { type JoinGroupRequest, type JoinGroupResponse, joinGroupCall } from './api/join-group.js'
import { leaveGroupCall } from './api/leave-group.js'
import { syncGroupCall } from './api/sync-group.js'
import type { GroupMetadata } from './group-metadata.js'

/** The coordinator holds JoinGroup and SyncGroup back for the rebalance timeout; its answer gets so much longer. */
const ANSWER_MS = 5_000

const codeOf = ({ errorCode }: { readonly errorCode: number }): number[] => [errorCode]

/** The requests of a group member, each sent once. */
export class GroupProtocol {
  private readonly coordinator: CoordinatorClient

  constructor(transport: BrokerTransport, groupId: string) {
    this.coordinator = new CoordinatorClient(transport, 'group', groupId)
  }

  /** A member without an id is given one, and has to ask again with it (KIP-394): then the error code is MEMBER_ID_REQUIRED. */
  join(request: JoinGroupRequest): Promise<JoinGroupResponse> {
    return this.coordinator.request(
      'group',
      (capabilities) => joinGroupCall(newestVersion(capabilities, 11, 'JoinGroup', 7, 9), request),
      ({ errorCode }) => (errorCode === ErrorCode.MEMBER_ID_REQUIRED ? [] : [errorCode]),
      request.rebalanceTimeoutMs + ANSWER_MS,
    )
  }

  async sync(
    group: GroupMetadata,
    protocolName: string,
    assignments: ReadonlyMap<string, Buffer>,
    rebalanceTimeoutMs: number,
  ): Promise<Buffer> {
    const { assignment } = await this.coordinator.request(
      'group',
      (capabilities) =>
        syncGroupCall(newestVersion(capabilities, 14, 'SyncGroup', 5, 5), group, protocolName, assignments),
      codeOf,
      rebalanceTimeoutMs + ANSWER_MS,
    )
    return assignment
  }

  async heartbeat(group: GroupMetadata, timeoutMs: number): Promise<void> {
    await this.coordinator.request(
      'group',
      (capabilities) => heartbeatCall(newestVersion(capabilities, 12, 'Heartbeat', 4, 4), group),
      codeOf,
      timeoutMs,
    )
  }

  /** Not on the group's connection, which a JoinGroup may hold. */
  async leave(group: GroupMetadata, reason: string, timeoutMs: number): Promise<void> {
    await this.coordinator.request(
      'admin',
      (capabilities) => leaveGroupCall(newestVersion(capabilities, 13, 'LeaveGroup', 4, 5), group, reason),
      codeOf,
      timeoutMs,
    )
  }
}
