import { newestVersion } from '../coordinator/api-version.js'
import { CoordinatorClient } from '../coordinator/coordinator-client.js'
import { type RetryLimits, retry, timeoutOfTry } from '../coordinator/retry.js'
import type { CommittableOffset } from '../group/api/committable-offsets.js'
import type { GroupMetadata } from '../group/group-metadata.js'
import { ErrorCode } from '../protocol/error-codes.js'
import type { TopicPartition } from '../topic-partition.js'
import type { ApiCall, BrokerCapabilities, BrokerTransport } from '../transport/broker-transport.js'
import { isUnreachable } from '../transport/transport-error.js'
import { addOffsetsToTxnCall } from './api/add-offsets-to-txn.js'
import { addPartitionsToTxnCall } from './api/add-partitions-to-txn.js'
import { endTxnCall } from './api/end-txn.js'
import { initProducerIdCall } from './api/init-producer-id.js'
import { txnOffsetCommitCall } from './api/txn-offset-commit.js'
import type { ProducerIdentity } from './producer-identity.js'

/** 2 (KIP-890): partitions join a transaction by being written, and every EndTxn bumps the epoch. */
export type TransactionVersion = 1 | 2

const FEATURE = 'transaction.version'
const FEATURE_REFRESH_MS = 30_000

/**
 * The requests of transactions, each repeated until it has an answer that says something. The broker tells the
 * transaction version of a request from its API version alone, so every one of a transaction has the same.
 */
export class TransactionProtocol {
  private readonly coordinator: CoordinatorClient
  private readonly groups = new Map<string, CoordinatorClient>()
  private featureReadAt = performance.now()
  /** Whether a request of the present epoch went unanswered: it may be executed at any later time. */
  private unanswered = false

  constructor(
    private readonly transport: BrokerTransport,
    private readonly transactionalId: string,
    private readonly timeouts: { readonly requestMs: number; readonly transactionMs: number },
    private readonly newestTransactionVersion: TransactionVersion,
  ) {
    this.coordinator = new CoordinatorClient(transport, 'transaction', transactionalId)
  }

  /** The version that the cluster has finalized, from what is known of the coordinator, now and then read anew. */
  async transactionVersion(limits: RetryLimits): Promise<TransactionVersion> {
    if (this.newestTransactionVersion === 1) return 1
    const stale = performance.now() - this.featureReadAt > FEATURE_REFRESH_MS
    const capabilities = await retry(() => this.coordinator.capabilities(stale), limits)
    if (stale) this.featureReadAt = performance.now()
    return (capabilities.finalizedFeature(FEATURE) ?? 0) >= 2 ? 2 : 1
  }

  /** Our next identity. With NO_IDENTITY every earlier producer of the transactional id is fenced. */
  async initialize(own: ProducerIdentity, limits: RetryLimits): Promise<ProducerIdentity> {
    const { producerId, producerEpoch } = await this.untilAnswered(
      this.coordinator,
      (capabilities) => {
        const version = newestVersion(capabilities, 22, 'InitProducerId', 3, 5)
        return initProducerIdCall(version, this.transactionalId, this.timeouts.transactionMs, own)
      },
      ({ errorCode }) => [errorCode],
      limits,
    )
    this.unanswered = false
    return { producerId, producerEpoch }
  }

  /** Transactions v1: partitions are added before they are written. */
  async addPartitions(
    own: ProducerIdentity,
    added: readonly TopicPartition[],
    limits: RetryLimits,
  ): Promise<void> {
    await this.untilAnswered(
      this.coordinator,
      (capabilities) => {
        const version = newestVersion(capabilities, 24, 'AddPartitionsToTxn', 3, 3)
        return addPartitionsToTxnCall(version, this.transactionalId, own, added)
      },
      (results) => mostTelling(results.map(({ errorCode }) => errorCode)),
      limits,
    )
  }

  /** Transactions v1: a group is added before its offsets are committed. */
  async addGroup(own: ProducerIdentity, groupId: string, limits: RetryLimits): Promise<void> {
    await this.untilAnswered(
      this.coordinator,
      (capabilities) => {
        const version = newestVersion(capabilities, 25, 'AddOffsetsToTxn', 3, 4)
        return addOffsetsToTxnCall(version, this.transactionalId, own, groupId)
      },
      ({ errorCode }) => [errorCode],
      limits,
    )
  }

  async commitOffsets(
    own: ProducerIdentity,
    transactionVersion: TransactionVersion,
    group: GroupMetadata,
    offsets: readonly CommittableOffset[],
    limits: RetryLimits,
  ): Promise<void> {
    const [min, max] = transactionVersion === 2 ? [5, 5] : [3, 4]
    await this.untilAnswered(
      this.groupCoordinator(group.groupId),
      (capabilities) => {
        const version = newestVersion(capabilities, 28, 'TxnOffsetCommit', min, max)
        return txnOffsetCommitCall(version, this.transactionalId, own, group, offsets)
      },
      (results) => results.map(({ errorCode }) => errorCode),
      limits,
    )
  }

  /**
   * Ends the transaction; v2 answers with the identity of the next one. The same request is repeated until answered.
   *
   * Under v1 the next transaction has the same epoch, so that a request which went unanswered, executed late, would
   * pass for one of it: a commit would end it half way. Then a new epoch is asked for.
   */
  async end(
    own: ProducerIdentity,
    transactionVersion: TransactionVersion,
    commit: boolean,
    limits: RetryLimits,
  ): Promise<ProducerIdentity | undefined> {
    const [min, max] = transactionVersion === 2 ? [5, 5] : [3, 4]
    const { next } = await this.untilAnswered(
      this.coordinator,
      (capabilities) => {
        const version = newestVersion(capabilities, 26, 'EndTxn', min, max)
        return endTxnCall(version, this.transactionalId, own, commit)
      },
      ({ errorCode }) => [errorCode],
      limits,
    )
    if (transactionVersion === 1 && this.unanswered) return this.initialize(own, limits)
    this.unanswered = false
    return next
  }

  private groupCoordinator(groupId: string): CoordinatorClient {
    let client = this.groups.get(groupId)
    if (client === undefined) {
      client = new CoordinatorClient(this.transport, 'group', groupId)
      this.groups.set(groupId, client)
    }
    return client
  }

  private untilAnswered<Response>(
    coordinator: CoordinatorClient,
    build: (capabilities: BrokerCapabilities) => ApiCall<Response>,
    errorCodes: (response: Response) => readonly number[],
    limits: RetryLimits,
  ): Promise<Response> {
    return retry(async () => {
      const timeoutMs = timeoutOfTry(this.timeouts.requestMs, limits.deadline)
      try {
        return await coordinator.request('produce', build, errorCodes, timeoutMs)
      } catch (error) {
        if (isUnreachable(error)) this.unanswered = true
        throw error
      }
    }, limits)
  }
}

/** AddPartitionsToTxn adds all or nothing: partitions that were fine say OPERATION_NOT_ATTEMPTED when another was not. */
function mostTelling(codes: readonly number[]): number[] {
  return codes.filter((code) => code !== ErrorCode.OPERATION_NOT_ATTEMPTED)
}
