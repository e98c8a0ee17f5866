import type { GroupAssignor } from './group-assignor.js'
import type { GroupListener } from './group-listener.js'

export interface GroupMemberOptions {
  readonly groupId: string
  /** Makes the member a static one (KIP-345): it never leaves, and comes back to its partitions within the session timeout. */
  readonly groupInstanceId?: string | undefined
  /** Without a heartbeat for so long, the member is out; 45 seconds unless set. */
  readonly sessionTimeoutMs?: number | undefined
  /** How long a rebalance waits for a member, which may be finishing its commit; 60 seconds unless set. */
  readonly rebalanceTimeoutMs?: number | undefined
  /** 3 seconds unless set. */
  readonly heartbeatIntervalMs?: number | undefined
  /** Without `progress()` for so long, the member leaves until there is some; 5 minutes unless set. */
  readonly maxPollIntervalMs?: number | undefined
  readonly topics: readonly string[]
  readonly assignor: GroupAssignor
  readonly listener: GroupListener
}
