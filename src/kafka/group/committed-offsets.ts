import { newestVersion } from '../coordinator/api-version.js'
import { CoordinatorClient } from '../coordinator/coordinator-client.js'
import { retry, timeoutOfTry } from '../coordinator/retry.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import { type TopicPartition, topicPartitionKey } from '../topic-partition.js'
import type { BrokerTransport } from '../transport/broker-transport.js'
import type { CommittableOffset } from './api/committable-offsets.js'
import { offsetCommitCall } from './api/offset-commit.js'
import { offsetFetchCall } from './api/offset-fetch.js'
import { CommitFencedError } from './commit-fenced-error.js'
import type { GroupMetadata } from './group-metadata.js'
import { isMemberFenced } from './member-fencing.js'

export interface CommittedOffset {
  /** The next offset to read. */
  readonly offset: number
  readonly metadata: string | null
}

export interface OffsetRequestOptions {
  /** How long to go on trying; 60 seconds unless set. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const TIMEOUT_MS = 60_000
const NEVER = new AbortController().signal

/**
 * The committed offsets of a group, by `topicPartitionKey`; partitions without one are absent. With `requireStable`
 * a partition whose offset is part of a pending transaction is waited for (KIP-447).
 */
export async function fetchCommittedOffsets(
  transport: BrokerTransport,
  groupId: string,
  partitions: readonly TopicPartition[],
  options: OffsetRequestOptions & { readonly requireStable: boolean },
): Promise<Map<string, CommittedOffset>> {
  const coordinator = new CoordinatorClient(transport, 'group', groupId)
  const { requireStable, timeoutMs = TIMEOUT_MS, signal = NEVER } = options
  const deadline = performance.now() + timeoutMs
  const { offsets } = await retry(
    () =>
      coordinator.request(
        'admin',
        (capabilities) => {
          const version = newestVersion(capabilities, 9, 'OffsetFetch', 7, 7)
          return offsetFetchCall(version, groupId, partitions, requireStable)
        },
        (response) => [response.errorCode, ...response.offsets.map(({ errorCode }) => errorCode)],
        timeoutOfTry(timeoutMs, deadline),
      ),
    { deadline, signal },
  )
  const committed = new Map<string, CommittedOffset>()
  for (const { topic, partition, offset, metadata } of offsets) {
    if (offset >= 0) committed.set(topicPartitionKey(topic, partition), { offset, metadata })
  }
  return committed
}

/**
 * Commits offsets outside of a transaction.
 *
 * @throws {CommitFencedError} if the member is not in that generation any more.
 */
export async function commitOffsets(
  transport: BrokerTransport,
  group: GroupMetadata,
  offsets: readonly CommittableOffset[],
  options: OffsetRequestOptions = {},
): Promise<void> {
  const coordinator = new CoordinatorClient(transport, 'group', group.groupId)
  const { timeoutMs = TIMEOUT_MS, signal = NEVER } = options
  const deadline = performance.now() + timeoutMs
  const commit = () =>
    coordinator.request(
      'produce',
      (capabilities) =>
        offsetCommitCall(newestVersion(capabilities, 8, 'OffsetCommit', 8, 8), group, offsets),
      (results) => results.map(({ errorCode }) => errorCode),
      timeoutOfTry(timeoutMs, deadline),
    )
  try {
    await retry(commit, { deadline, signal })
  } catch (error) {
    // A rebalance that has begun without us fences as well: the offsets may be another member's to commit.
    const rebalancing = error instanceof KafkaProtocolError && error.code === ErrorCode.REBALANCE_IN_PROGRESS
    if (rebalancing || isMemberFenced(error)) throw new CommitFencedError(group, { cause: error as Error })
    throw error
  }
}
