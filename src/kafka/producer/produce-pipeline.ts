import { newestVersion } from '../coordinator/api-version.js'
import { backoffMs, isRetriable, retry, sleep, timeoutOfTry } from '../coordinator/retry.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type { ThrottleCount } from '../throttle-count.js'
import { topicPartitionKey } from '../topic-partition.js'
import type { BrokerCapabilities, BrokerTransport } from '../transport/broker-transport.js'
import { type ProducePartitionResult, type ProduceResponse, produceCall } from './api/produce.js'
import { type LaneBatch, PartitionLane, RECOGNIZED_BATCHES } from './partition-lane.js'
import { type BatchToProduce, type ProducedBatch, ProduceRun } from './produce-run.js'
import { MessageTooLargeError, ProduceFailedError, ProducerFencedError } from './producer-errors.js'
import type { ProducerIdentity } from './producer-identity.js'

export interface ProducePipelineOptions {
  readonly transactionalId: string | null
  readonly requestTimeoutMs: number
  readonly deliveryTimeoutMs: number
  /** The batches of one request are no more than this together, unless one alone is. */
  readonly maxRequestBytes: number
  readonly throttles: ThrottleCount
}

/** In whose name batches are written, and with which versions of Produce. */
export interface ProduceTerms {
  readonly identity: ProducerIdentity
  readonly minVersion: number
  readonly maxVersion: number
}

/** The requests to one broker, and the partitions that it leads. */
class LeaderQueue {
  readonly lanes = new Set<PartitionLane>()
  inFlight = 0

  constructor(
    readonly node: number,
    public capabilities: BrokerCapabilities,
  ) {}
}

/**
 * Batches on their way to the leaders of their partitions: pipelined, in order within each partition, repeated with
 * the same sequence until acknowledged by all in-sync replicas. The first batch that fails for good fails the
 * pipeline: everything unsent is given up, until `writeAs` starts again with a new identity.
 */
export class ProducePipeline {
  private readonly lanes = new Map<string, PartitionLane>()
  private readonly leaders = new Map<number, LeaderQueue>()
  private failure: Error | undefined
  private terms: ProduceTerms = {
    identity: { producerId: -1, producerEpoch: -1 },
    minVersion: 9,
    maxVersion: 12,
  }

  constructor(
    private readonly transport: BrokerTransport,
    private readonly options: ProducePipelineOptions,
    private readonly closing: AbortSignal,
  ) {}

  /** Sets the terms of the batches to come; nothing may be on its way. A new identity restarts all sequences. */
  writeAs(terms: ProduceTerms): void {
    if (terms.identity !== this.terms.identity) {
      for (const lane of this.lanes.values()) lane.restartSequences()
      this.failure = undefined
    }
    this.terms = terms
  }

  /** Resolves when every batch is acknowledged; rejects when every batch is settled and one of them failed. */
  send(batches: readonly BatchToProduce[]): Promise<ProducedBatch[]> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    const lanes = new Set<PartitionLane>()
    const settled = new Promise<ProducedBatch[]>((resolve, reject) => {
      const run = new ProduceRun(batches.length, resolve, reject)
      const deadline = performance.now() + this.options.deliveryTimeoutMs
      for (const [index, { topic, partition, builder }] of batches.entries()) {
        const lane = this.lane(topic, partition)
        lane.enqueue(run, index, builder, deadline)
        lanes.add(lane)
      }
    })
    void this.dispatch([...lanes])
    return settled
  }

  /** Gives up what is not in flight. */
  fail(error: Error): void {
    this.failure ??= error
    for (const lane of this.lanes.values()) lane.drop(this.failure)
  }

  private lane(topic: string, partition: number): PartitionLane {
    const key = topicPartitionKey(topic, partition)
    let lane = this.lanes.get(key)
    if (lane === undefined) {
      lane = new PartitionLane(topic, partition)
      this.lanes.set(key, lane)
    }
    return lane
  }

  /** Sends what may be sent, once the leaders are known: together, so that partitions share requests. */
  private async dispatch(lanes: readonly PartitionLane[]): Promise<void> {
    const lost = lanes.filter((lane) => lane.leader === undefined)
    if (lost.length > 0) await Promise.all(lost.map((lane) => this.place(lane)))
    for (const node of new Set(lanes.map((lane) => lane.leader))) {
      if (node !== undefined) this.pump(this.leaders.get(node)!)
    }
  }

  /** Finds the leader of a lane. */
  private async place(lane: PartitionLane): Promise<void> {
    const { topic, partition } = lane
    const deadline = performance.now() + this.options.deliveryTimeoutMs
    try {
      const [node, capabilities] = await retry(
        async () => {
          const leader = await this.transport.leaderOf(topic, partition)
          return [leader, await this.transport.capabilities(leader)] as const
        },
        { deadline, signal: this.closing },
      )
      const queue = this.leaders.get(node) ?? new LeaderQueue(node, capabilities)
      queue.capabilities = capabilities
      this.leaders.set(node, queue)
      queue.lanes.add(lane)
      lane.leader = node
    } catch (error) {
      this.fail(failure(topic, partition, error))
    }
  }

  private pump(leader: LeaderQueue): void {
    try {
      while (leader.inFlight < RECOGNIZED_BATCHES) {
        const batches = this.nextRequest(leader)
        if (batches.length === 0) return
        void this.exchange(leader, batches)
      }
    } catch (error) {
      this.fail(error as Error)
    }
  }

  /** At most one batch of each partition, as the protocol wants it. */
  private nextRequest(leader: LeaderQueue): LaneBatch[] {
    const batches: LaneBatch[] = []
    let bytes = 0
    for (const lane of leader.lanes) {
      const batch = lane.head
      if (batch === undefined) continue
      const { length } = this.seal(batch)
      if (batches.length > 0 && bytes + length > this.options.maxRequestBytes) continue
      batches.push(batch)
      bytes += length
    }
    return batches
  }

  private seal(batch: LaneBatch): Buffer {
    const { producerId, producerEpoch } = this.terms.identity
    const transactional = this.options.transactionalId !== null
    batch.records ??= batch.builder.seal(producerId, producerEpoch, batch.sequence, transactional)
    return batch.records
  }

  private async exchange(leader: LeaderQueue, batches: readonly LaneBatch[]): Promise<void> {
    leader.inFlight++
    for (const batch of batches) batch.lane.take()
    const answer = await this.request(leader, batches).catch((error: Error) => error)
    leader.inFlight--
    if (answer instanceof Error) for (const batch of batches) this.unanswered(batch, answer)
    else this.answered(batches, answer)
    this.pump(leader)
  }

  private request(leader: LeaderQueue, batches: readonly LaneBatch[]): Promise<ProduceResponse> {
    const { minVersion, maxVersion } = this.terms
    const { transactionalId, requestTimeoutMs } = this.options
    const version = newestVersion(leader.capabilities, 0, 'Produce', minVersion, maxVersion)
    const timeoutMs = timeoutOfTry(requestTimeoutMs, Math.min(...batches.map(({ deadline }) => deadline)))
    const partitions = batches.map((batch) => ({
      topic: batch.lane.topic,
      partition: batch.lane.partition,
      records: this.seal(batch),
    }))
    const call = produceCall(version, transactionalId, requestTimeoutMs, partitions)
    return this.transport.request(leader.node, 'produce', call, timeoutMs)
  }

  private answered(batches: readonly LaneBatch[], { throttleMs, partitions }: ProduceResponse): void {
    this.options.throttles.note(throttleMs)
    const byPartition = new Map(
      partitions.map((result) => [topicPartitionKey(result.topic, result.partition), result]),
    )
    for (const batch of batches) {
      const { topic, partition } = batch.lane
      const result = byPartition.get(topicPartitionKey(topic, partition))
      if (result === undefined) {
        this.giveUp(batch, new ProduceFailedError(topic, partition, 'the response does not tell'))
      } else this.answeredWith(batch, result)
      this.maybeRecover(batch.lane)
    }
  }

  private answeredWith(batch: LaneBatch, result: ProducePartitionResult): void {
    const { lane, run, index } = batch
    const { topic, partition } = lane
    const { errorCode, baseOffset, logAppendTime } = result
    // A repeat that the broker has in the log already; at the first try it would be somebody else's record.
    const repeated = errorCode === ErrorCode.DUPLICATE_SEQUENCE_NUMBER && batch.tries > 1
    if (errorCode === ErrorCode.NONE || repeated) {
      lane.settled(batch)
      run.acknowledged(index, { topic, partition, baseOffset: repeated ? -1 : baseOffset, logAppendTime })
      return
    }
    const error = new KafkaProtocolError(errorCode, 'Produce', { topic, partition }, result.errorMessage)
    const behindFailed = errorCode === ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER && lane.hasFailedBefore(batch)
    if (behindFailed || isRetriable(error)) this.again(batch, error)
    else if (errorCode === ErrorCode.MESSAGE_TOO_LARGE || errorCode === ErrorCode.RECORD_LIST_TOO_LARGE) {
      this.giveUp(batch, new MessageTooLargeError(topic, partition, this.seal(batch).length))
    } else this.giveUp(batch, failure(topic, partition, error))
  }

  private unanswered(batch: LaneBatch, error: Error): void {
    if (isRetriable(error)) this.again(batch, error)
    else this.giveUp(batch, failure(batch.lane.topic, batch.lane.partition, error))
    this.maybeRecover(batch.lane)
  }

  private again(batch: LaneBatch, error: Error): void {
    const { lane } = batch
    if (this.failure !== undefined) this.giveUp(batch, this.failure)
    else if (performance.now() + backoffMs(error, batch.tries) > batch.deadline) {
      this.giveUp(batch, failure(lane.topic, lane.partition, error))
    } else lane.failedWith(batch, error)
  }

  private giveUp(batch: LaneBatch, error: Error): void {
    batch.lane.settled(batch)
    batch.run.failed(error)
    this.fail(error)
  }

  private maybeRecover(lane: PartitionLane): void {
    if (!lane.needsRecovery) return
    this.recover(lane).catch((error) => this.fail(failure(lane.topic, lane.partition, error)))
  }

  /** Waits a little, looks where the leader is now, and sends the failed batches again. */
  private async recover(lane: PartitionLane): Promise<void> {
    const { error, tries } = lane.startRecovery()
    try {
      await sleep(backoffMs(error, tries), this.closing)
      if (error instanceof KafkaProtocolError && error.code === ErrorCode.CONCURRENT_TRANSACTIONS) return
      if (lane.leader !== undefined) this.leaders.get(lane.leader)!.lanes.delete(lane)
      lane.leader = undefined
      this.transport.forgetLeaders(lane.topic)
    } finally {
      lane.recovered()
      void this.dispatch([lane])
    }
  }
}

function failure(topic: string, partition: number, error: unknown): Error {
  const cause = error as Error
  if (cause instanceof KafkaProtocolError) {
    if (cause.code === ErrorCode.INVALID_PRODUCER_EPOCH || cause.code === ErrorCode.PRODUCER_FENCED) {
      return new ProducerFencedError(cause.message, { cause })
    }
  }
  return new ProduceFailedError(topic, partition, cause.message, { cause })
}
