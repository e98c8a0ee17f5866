import { createHash } from 'node:crypto'
import type { AddPartitionResult } from '../../src/kafka/producer/api/add-partitions-to-txn.js'
import type { ProduceResponse } from '../../src/kafka/producer/api/produce.js'
import type { ProducerIdentity } from '../../src/kafka/producer/producer-identity.js'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import type { FetchedPartition, FetchResponse } from '../../src/kafka/protocol/fetch-call.js'
import type { PartitionAnswer } from '../../src/kafka/protocol/partition-answer.js'
import { WireReader } from '../../src/kafka/protocol/wire-reader.js'
import { WireWriter } from '../../src/kafka/protocol/wire-writer.js'
import { topicPartitionKey } from '../../src/kafka/topic-partition.js'
import type {
  ApiCall,
  BrokerCapabilities,
  TopicMetadata,
} from '../../src/kafka/transport/broker-transport.js'
import { GroupCoordinator } from './group-coordinator.js'
import { headerOf, PartitionLog } from './partition-log.js'
import * as requests from './requests.js'
import type { SimulatedTime } from './simulated-time.js'
import { TransactionCoordinator } from './transaction-coordinator.js'

export const NODE = 1

/** A request as the broker has it: encoded, read back, executed when it arrives. */
export interface Arrival {
  readonly api: string
  readonly version: number
  readonly reader: WireReader
}

/** Encodes a call at the moment at which it is sent: its buffers are used again afterwards. */
export function arrivalOf(call: ApiCall<unknown>): Arrival {
  const writer = new WireWriter()
  call.encode(writer)
  return { api: call.apiName, version: call.apiVersion, reader: new WireReader(writer.copy()) }
}

/** The id of a topic, the same as long as it has its name. */
export const topicIdOf = (topic: string): string => createHash('md5').update(topic).digest('hex')

/** A cluster of one broker in memory, with one consumer group. Requests come as bytes; answers go as they are decoded. */
export class SimulatedKafka {
  readonly group: GroupCoordinator
  readonly transactions: TransactionCoordinator
  private readonly topics = new Map<string, PartitionLog[]>()
  private readonly fetchers = new Set<() => void>()

  constructor(
    private readonly time: SimulatedTime,
    private readonly groupId: string,
    private readonly transactionVersion: 1 | 2,
    markerDelay: () => number,
  ) {
    this.group = new GroupCoordinator(time)
    this.transactions = new TransactionCoordinator(time, markerDelay, (participant, producer, commit) =>
      this.writeMarker(participant, producer, commit),
    )
  }

  create(topic: string, partitions: number): void {
    this.topics.set(
      topic,
      Array.from({ length: partitions }, () => new PartitionLog()),
    )
  }

  /** Gives a topic another partition. */
  grow(topic: string): void {
    this.topics.get(topic)!.push(new PartitionLog())
  }

  log(topic: string, partition: number): PartitionLog {
    const log = this.topics.get(topic)?.[partition]
    if (log === undefined) throw new Error(`no partition ${topic}-${partition}`)
    return log
  }

  logs(topic: string): readonly PartitionLog[] {
    return this.topics.get(topic)!
  }

  private topicOf(topicId: string): string {
    for (const topic of this.topics.keys()) if (topicIdOf(topic) === topicId) return topic
    throw new Error(`no topic has the id ${topicId}`)
  }

  append(topic: string, partition: number, batch: Buffer): void {
    this.log(topic, partition).append(batch)
    this.news()
  }

  metadata(topics: readonly string[]): TopicMetadata[] {
    return topics.map((topic) => ({
      topic,
      topicId: topicIdOf(topic),
      errorCode: this.topics.has(topic) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      partitions: (this.topics.get(topic) ?? []).map((_, partition) => ({
        partition,
        leader: NODE,
        errorCode: ErrorCode.NONE,
      })),
    }))
  }

  get capabilities(): BrokerCapabilities {
    return {
      range: () => ({ min: 0, max: 99 }),
      finalizedFeature: (name) => (name === 'transaction.version' ? this.transactionVersion : undefined),
    }
  }

  /** Executes a request. What Kafka holds back is answered later. */
  async execute({ api, version, reader }: Arrival): Promise<unknown> {
    switch (api) {
      case 'Produce':
        return this.produce(reader, version)
      case 'Fetch':
        return this.fetch(reader)
      case 'ListOffsets':
        return this.listOffsets(reader)
      case 'DeleteRecords':
        // Nobody needs them any more, but those who judge.
        return requests.readDeleteRecords(reader).map((each) => ({ ...each, errorCode: ErrorCode.NONE }))
      case 'DescribeConfigs':
        return new Map([['delete.retention.ms', '86400000']])
      case 'InitProducerId':
        return this.initProducerId(reader)
      case 'AddPartitionsToTxn':
        return this.addPartitions(reader)
      case 'AddOffsetsToTxn': {
        const { transactionalId, own } = requests.readTransaction(reader)
        return { errorCode: this.transactions.add(transactionalId, own, [this.groupId]) }
      }
      case 'TxnOffsetCommit':
        return this.commitPending(reader, version)
      case 'EndTxn': {
        const { transactionalId, own } = requests.readTransaction(reader)
        return this.transactions.end(transactionalId, own, reader.readBoolean(), version >= 5 ? 2 : 1)
      }
      case 'OffsetCommit': {
        const { membership, offsets } = requests.readOffsetCommit(reader)
        return this.group.commit(membership, offsets)
      }
      case 'OffsetFetch': {
        const { partitions, requireStable } = requests.readOffsetFetch(reader)
        const offsets = partitions.map((each) => this.group.fetch(each.topic, each.partition, requireStable))
        return { errorCode: ErrorCode.NONE, offsets }
      }
      case 'JoinGroup':
        return this.group.join(requests.readJoin(reader))
      case 'SyncGroup': {
        const { membership, assignments } = requests.readSync(reader)
        return this.group.sync(membership, assignments)
      }
      case 'Heartbeat':
        return { errorCode: this.group.heartbeat(requests.readMembership(reader)) }
      case 'LeaveGroup':
        return { errorCode: this.group.leave(requests.readLeave(reader)) }
      default:
        throw new Error(`the simulated cluster answers no ${api}`)
    }
  }

  private produce(reader: WireReader, version: number): ProduceResponse {
    const { transactionalId, batches } = requests.readProduce(reader)
    const results = batches.map(({ topic, partition, records }) => {
      const admitted = this.admit(transactionalId, version, topic, partition, records)
      const { errorCode, baseOffset } =
        admitted === ErrorCode.NONE
          ? this.log(topic, partition).append(records)
          : { errorCode: admitted, baseOffset: -1 }
      return { topic, partition, errorCode, errorMessage: null, baseOffset, logAppendTime: -1 }
    })
    this.news()
    return { throttleMs: 0, partitions: results }
  }

  /** Transactions v2 take the partition in; v1 must have added it before. */
  private admit(
    transactionalId: string | null,
    version: number,
    topic: string,
    partition: number,
    records: Buffer,
  ): number {
    if (transactionalId === null) return ErrorCode.NONE
    const { producerId, epoch } = headerOf(records)
    return this.enter(
      transactionalId,
      { producerId, producerEpoch: epoch },
      topicPartitionKey(topic, partition),
      version >= 12,
    )
  }

  private enter(id: string, own: ProducerIdentity, participant: string, adds: boolean): number {
    if (!adds) return this.transactions.verify(id, own, participant)
    const code = this.transactions.add(id, own, [participant])
    return code === ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : code
  }

  private commitPending(reader: WireReader, version: number) {
    const { transactionalId, own, membership, offsets } = requests.readTxnOffsetCommit(reader)
    const errorCode = this.enter(transactionalId, own, this.groupId, version >= 5)
    if (errorCode === ErrorCode.NONE) return this.group.commitPending(own.producerId, membership, offsets)
    return offsets.map(({ topic, partition }) => ({ topic, partition, errorCode }))
  }

  private initProducerId(reader: WireReader) {
    const { transactionalId, timeoutMs, own } = requests.readInitProducerId(reader)
    if (transactionalId !== null) return this.transactions.initialize(transactionalId, timeoutMs, own)
    return { errorCode: ErrorCode.NONE, producerId: this.transactions.newProducerId(), producerEpoch: 0 }
  }

  private addPartitions(reader: WireReader): AddPartitionResult[] {
    const { transactionalId, own } = requests.readTransaction(reader)
    const partitions = requests.readPartitions(reader)
    const keys = partitions.map(({ topic, partition }) => topicPartitionKey(topic, partition))
    const errorCode = this.transactions.add(transactionalId, own, keys)
    return partitions.map((each) => ({ ...each, errorCode }))
  }

  private async fetch(reader: WireReader): Promise<FetchResponse> {
    const { maxWaitMs, committed, targets } = requests.readFetch(reader, (id) => this.topicOf(id))
    const end = (log: PartitionLog): number => (committed ? log.lastStableOffset : log.endOffset)
    const news = (): boolean =>
      targets.some(({ topic, partition, offset }) => end(this.log(topic, partition)) > offset)
    if (!news()) await this.newsWithin(maxWaitMs, news)
    const partitions = targets.map(({ topic, partition, offset }): FetchedPartition => {
      const log = this.log(topic, partition)
      const outside = offset > log.endOffset
      const buffer = outside ? Buffer.alloc(0) : log.read(offset, end(log))
      return {
        topic,
        partition,
        errorCode: outside ? ErrorCode.OFFSET_OUT_OF_RANGE : ErrorCode.NONE,
        highWatermark: log.endOffset,
        lastStableOffset: log.lastStableOffset,
        logStartOffset: 0,
        abortedTransactions: committed ? log.abortedFrom(offset) : [],
        buffer,
        end: buffer.length,
      }
    })
    return { throttleMs: 0, errorCode: ErrorCode.NONE, partitions }
  }

  private newsWithin(waitMs: number, news: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (news()) done()
      }
      const done = (): void => {
        timer.cancelled = true
        this.fetchers.delete(look)
        resolve()
      }
      const timer = this.time.schedule(waitMs, done)
      this.fetchers.add(look)
    })
  }

  private news(): void {
    for (const look of [...this.fetchers]) look()
  }

  private listOffsets(reader: WireReader): PartitionAnswer<number>[] {
    const { committed, partitions } = requests.readListOffsets(reader)
    return partitions.map(({ topic, partition, timestamp }) => {
      const log = this.log(topic, partition)
      const end = committed ? log.lastStableOffset : log.endOffset
      return { topic, partition, errorCode: ErrorCode.NONE, value: timestamp === -2 ? 0 : end }
    })
  }

  private writeMarker(participant: string, { producerId, producerEpoch }: ProducerIdentity, commit: boolean) {
    if (participant === this.groupId) {
      this.group.end(producerId, commit)
      return
    }
    const at = participant.lastIndexOf('-')
    const log = this.log(participant.slice(0, at), Number(participant.slice(at + 1)))
    log.end(producerId, producerEpoch, commit)
    this.news()
  }
}
