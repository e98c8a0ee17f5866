import { setMaxListeners } from 'node:events'
import { newestVersion } from '../coordinator/api-version.js'
import { type RetryLimits, retry } from '../coordinator/retry.js'
import type { CommittableOffset } from '../group/api/committable-offsets.js'
import type { GroupMetadata } from '../group/group-metadata.js'
import { isGenerationOver } from '../group/member-fencing.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import { ThrottleCount } from '../throttle-count.js'
import type { BrokerTransport } from '../transport/broker-transport.js'
import { initProducerIdCall } from './api/init-producer-id.js'
import { OpenTransaction } from './open-transaction.js'
import { ProducePipeline } from './produce-pipeline.js'
import type { BatchToProduce, ProducedBatch } from './produce-run.js'
import { AbortableTransactionError, ProducerFencedError, ProducerStateError } from './producer-errors.js'
import { abortError, commitError, offsetsError, operationError } from './producer-failure.js'
import { NO_IDENTITY, type ProducerIdentity } from './producer-identity.js'
import { TransactionProtocol, type TransactionVersion } from './transaction-protocol.js'

export interface ProducerOptions {
  /** Makes the producer transactional. Without it, it is idempotent. */
  readonly transactionalId?: string | undefined
  /** After this the coordinator aborts an open transaction; 10 seconds unless set. */
  readonly transactionTimeoutMs?: number | undefined
  /** How long one request may stay without an answer; 30 seconds unless set. */
  readonly requestTimeoutMs?: number | undefined
  /**
   * How long a batch, or the offsets of a transaction, may be retried. Unless set, the transaction timeout (the
   * coordinator keeps no transaction longer), and 2 minutes without transactions.
   */
  readonly deliveryTimeoutMs?: number | undefined
  /** The newest transaction version to use; 2 (KIP-890) unless set, where the cluster has it. */
  readonly newestTransactionVersion?: TransactionVersion | undefined
  /** Hears of brokers that say that a quota was exceeded. */
  readonly throttles?: ThrottleCount | undefined
}

/**
 * - `new`: init() first.
 * - `ready`: nothing is open. `in-transaction`: something was sent.
 * - `committing`, `aborting`: until the coordinator has answered.
 * - `must-abort`: a send failed; abort() or recover() takes back what was sent and starts with a new epoch.
 * - `fatal`: the coordinator refused us; recover() asks whether the transactional id is still ours.
 * - `closed`.
 */
export type ProducerState =
  | 'new'
  | 'ready'
  | 'in-transaction'
  | 'committing'
  | 'aborting'
  | 'must-abort'
  | 'fatal'
  | 'closed'

const INIT_TIMEOUT_MS = 60_000
const MAX_REQUEST_BYTES = 16 * 1024 * 1024
const PRODUCE_VERSIONS = { idempotent: [9, 12], 1: [9, 11], 2: [12, 12] } as const

/**
 * Writes record batches: each once and in order per partition (KIP-98), and with a transactional id all or none of a
 * transaction, together with the offsets of its input (KIP-447). Transactions are those of KIP-890 where the cluster
 * has finalized them.
 *
 * After any failed send the next batch is written under a new epoch, so that no sequence number is used twice: a
 * broker that took a batch whose answer was lost cannot mistake a later one for its repeat.
 */
export class Producer {
  private current: ProducerState = 'new'
  private identity: ProducerIdentity = NO_IDENTITY
  private transaction: Promise<OpenTransaction> | undefined
  /** Transactions that were opened and taken back. */
  abortedTransactions = 0
  private readonly calls = new Set<Promise<unknown>>()
  private readonly closing = new AbortController()
  private readonly pipeline: ProducePipeline
  private readonly protocol: TransactionProtocol | undefined
  private readonly requestTimeoutMs: number
  private readonly deliveryTimeoutMs: number
  private readonly transactionTimeoutMs: number

  constructor(
    private readonly transport: BrokerTransport,
    options: ProducerOptions = {},
  ) {
    // Every batch that waits to be sent again listens.
    setMaxListeners(0, this.closing.signal)
    const { transactionalId } = options
    this.requestTimeoutMs = options.requestTimeoutMs ?? 30_000
    this.transactionTimeoutMs = options.transactionTimeoutMs ?? 10_000
    this.deliveryTimeoutMs =
      options.deliveryTimeoutMs ?? (transactionalId === undefined ? 120_000 : this.transactionTimeoutMs)
    this.pipeline = new ProducePipeline(
      transport,
      {
        transactionalId: transactionalId ?? null,
        requestTimeoutMs: this.requestTimeoutMs,
        deliveryTimeoutMs: this.deliveryTimeoutMs,
        maxRequestBytes: MAX_REQUEST_BYTES,
        throttles: options.throttles ?? new ThrottleCount(),
      },
      this.closing.signal,
    )
    if (transactionalId !== undefined) {
      const newest = options.newestTransactionVersion ?? 2
      const timeouts = { requestMs: this.requestTimeoutMs, transactionMs: this.transactionTimeoutMs }
      this.protocol = new TransactionProtocol(transport, transactionalId, timeouts, newest)
    }
  }

  get state(): ProducerState {
    return this.current
  }

  /** The id and epoch that records are written under. */
  get producer(): ProducerIdentity {
    return this.identity
  }

  /**
   * Takes the transactional id, fencing whoever had it, and waits until the open transaction of that one is aborted.
   * Once, before anything else.
   */
  async init(): Promise<void> {
    this.require('init', 'new')
    this.current = 'aborting'
    try {
      this.adopt(await this.initialize(NO_IDENTITY, this.until(INIT_TIMEOUT_MS)))
    } catch (error) {
      this.moveTo('new')
      throw abortError(error)
    }
  }

  /**
   * Sends batches and resolves, in their order, when all in-sync replicas have them. A transaction opens at its first
   * send. Batches of one partition keep their order, over several calls too.
   *
   * The bytes of a builder must not be touched before the promise settles, either way.
   *
   * @throws {ProduceFailedError} {@link MessageTooLargeError} {@link ProducerFencedError}; then see `state`.
   */
  async produce(batches: readonly BatchToProduce[]): Promise<ProducedBatch[]> {
    this.require('produce', 'ready', 'in-transaction')
    if (batches.length === 0) return []
    const transaction = this.protocol === undefined ? undefined : this.open(this.protocol)
    return this.call(async () => {
      const opened = await transaction
      if (opened !== undefined) await opened.admit(batches, this.until(this.deliveryTimeoutMs))
      return this.pipeline.send(batches)
    }, operationError)
  }

  /**
   * Commits the offsets of the input with the transaction. Await the acknowledgement of everything produced first.
   *
   * @param renewed Asked for the next generation where that of `group` is over: undefined if there is none for us.
   * @throws {CommitFencedError} if the member is not in that generation any more: abort, and rejoin.
   * @throws {AbortableTransactionError} if the offsets were refused otherwise.
   * @throws {ProducerStateError} if the metadata is of no generation.
   */
  async sendOffsets(
    group: GroupMetadata,
    offsets: readonly CommittableOffset[],
    renewed: (refused: GroupMetadata) => Promise<GroupMetadata | undefined> = async () => undefined,
  ): Promise<void> {
    const protocol = this.transactional('sendOffsets')
    this.require('sendOffsets', 'ready', 'in-transaction')
    // The coordinator takes it, for the sake of old clients, even into a group that has members.
    if (group.generationId < 0) throw new ProducerStateError('sendOffsets() by no member would not be fenced')
    const transaction = this.open(protocol)
    const send = async (member: GroupMetadata): Promise<void> => {
      try {
        await (await transaction).commitOffsets(member, offsets, this.until(this.deliveryTimeoutMs))
      } catch (error) {
        const next = isGenerationOver(error) ? await renewed(member) : undefined
        if (next === undefined) throw offsetsError(error, member)
        await send(next)
      }
    }
    return this.call(
      () => send(group),
      (error) => error as Error,
    )
  }

  /**
   * Commits. As long as the outcome is unknown the same request is repeated; resolves when the coordinator has
   * written the decision, at once where nothing is open.
   *
   * @throws {CommitRefusedError} {@link ProducerFencedError} if the coordinator refuses. Nothing is to be assumed
   *   then: the committed offsets tell what happened.
   */
  async commit(): Promise<void> {
    this.transactional('commit')
    this.require('commit', 'ready', 'in-transaction')
    if (this.calls.size > 0) throw new ProducerStateError('commit() before everything sent is acknowledged')
    if (this.transaction === undefined) return
    this.current = 'committing'
    try {
      const next = await (await this.transaction).end(true, this.until(Number.POSITIVE_INFINITY))
      this.transaction = undefined
      this.adopt(next ?? this.identity)
    } catch (error) {
      const { state, failure } = commitError(error)
      this.moveTo(state)
      throw failure
    }
  }

  /**
   * Aborts the open transaction and goes on with a new epoch; does nothing where nothing is open.
   * Repeated like a commit while the outcome is unknown.
   */
  async abort(): Promise<void> {
    this.transactional('abort')
    this.require('abort', 'ready', 'in-transaction', 'must-abort')
    await this.recover()
  }

  /**
   * After any failure, transactional or not: waits for calls in flight, aborts what is open and goes on with a new
   * epoch of our own identity, which fences nobody. Does nothing where nothing is open or failed.
   *
   * @throws {ProducerFencedError} if the transactional id is another producer's by now. Under transactions v1 the
   *   coordinator says so too of a transaction that it ended after its timeout. A new producer is needed then.
   */
  async recover(): Promise<void> {
    if (this.current === 'ready' && this.calls.size === 0) return
    this.require('recover', 'ready', 'in-transaction', 'must-abort', 'fatal')
    this.current = 'aborting'
    this.pipeline.fail(new AbortableTransactionError('the transaction is being aborted'))
    await Promise.allSettled(this.calls)
    const untilClosed = this.until(Number.POSITIVE_INFINITY)
    try {
      const next = await this.endAborted(untilClosed)
      this.transaction = undefined
      this.adopt(next ?? (await this.initialize(this.identity, untilClosed)))
    } catch (error) {
      this.moveTo('fatal')
      throw abortError(error)
    }
  }

  /** Gives up what is under way; the outcome of a commit in flight stays unknown. */
  close(): void {
    this.current = 'closed'
    const closed = new ProducerStateError('the producer is closed')
    this.closing.abort(closed)
    this.pipeline.fail(closed)
  }

  /** Aborts what is open; a coordinator that knows of nothing to abort leaves it to InitProducerId to say more. */
  private async endAborted(limits: RetryLimits): Promise<ProducerIdentity | undefined> {
    const [opened] = await Promise.allSettled([this.transaction])
    if (opened.status === 'rejected' || opened.value === undefined) return undefined
    this.abortedTransactions++
    try {
      return await opened.value.end(false, limits)
    } catch (error) {
      if (error instanceof KafkaProtocolError && NOTHING_TO_ABORT.has(error.code)) return undefined
      throw error
    }
  }

  private initialize(own: ProducerIdentity, limits: RetryLimits): Promise<ProducerIdentity> {
    if (this.protocol !== undefined) {
      return this.protocol.initialize(own, limits)
    }
    return retry(async () => {
      const node = await this.transport.anyNode()
      const version = newestVersion(await this.transport.capabilities(node), 22, 'InitProducerId', 3, 5)
      const call = initProducerIdCall(version, null, this.transactionTimeoutMs, NO_IDENTITY)
      const { errorCode, producerId, producerEpoch } = await this.transport.request(
        node,
        'produce',
        call,
        this.requestTimeoutMs,
      )
      if (errorCode !== ErrorCode.NONE) throw new KafkaProtocolError(errorCode, call.apiName)
      return { producerId, producerEpoch }
    }, limits)
  }

  private adopt(identity: ProducerIdentity): void {
    this.identity = identity
    if (this.protocol === undefined) this.writeWith(PRODUCE_VERSIONS.idempotent)
    this.moveTo('ready')
  }

  /** The open transaction, or a new one. */
  private open(protocol: TransactionProtocol): Promise<OpenTransaction> {
    this.transaction ??= this.begin(protocol)
    this.current = 'in-transaction'
    return this.transaction
  }

  private async begin(protocol: TransactionProtocol): Promise<OpenTransaction> {
    const version = await protocol.transactionVersion(this.until(this.deliveryTimeoutMs))
    this.writeWith(PRODUCE_VERSIONS[version])
    return new OpenTransaction(protocol, this.identity, version)
  }

  private writeWith([minVersion, maxVersion]: readonly [number, number]): void {
    this.pipeline.writeAs({ identity: this.identity, minVersion, maxVersion })
  }

  /** Runs a send; if it fails, no other may follow until recover. */
  private async call<T>(send: () => Promise<T>, failureOf: (error: unknown) => Error): Promise<T> {
    const pending = send()
    this.calls.add(pending)
    try {
      return await pending
    } catch (error) {
      const failure = failureOf(error)
      if (this.current === 'ready' || this.current === 'in-transaction') {
        this.current = failure instanceof ProducerFencedError ? 'fatal' : 'must-abort'
      }
      throw failure
    } finally {
      this.calls.delete(pending)
    }
  }

  private until(timeoutMs: number): RetryLimits {
    return { deadline: performance.now() + timeoutMs, signal: this.closing.signal }
  }

  private moveTo(state: ProducerState): void {
    if (this.current !== 'closed') this.current = state
  }

  private transactional(operation: string): TransactionProtocol {
    if (this.protocol === undefined) throw new ProducerStateError(`${operation}() needs a transactionalId`)
    return this.protocol
  }

  private require(operation: string, ...allowed: ProducerState[]): void {
    if (allowed.includes(this.current)) return
    throw new ProducerStateError(`${operation}() in state ${this.current}; allowed in ${allowed.join(', ')}`)
  }
}

const NOTHING_TO_ABORT: ReadonlySet<number> = new Set<number>([
  ErrorCode.INVALID_TXN_STATE,
  ErrorCode.INVALID_PRODUCER_ID_MAPPING,
  ErrorCode.INVALID_PRODUCER_EPOCH,
  ErrorCode.PRODUCER_FENCED,
])
