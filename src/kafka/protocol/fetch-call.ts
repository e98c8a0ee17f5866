import type { AbortedTransaction, IsolationLevel } from '../records/fetched-chunk.js'
import type { TopicPartition } from '../topic-partition.js'
import type { ApiCall } from '../transport/broker-transport.js'
import { isolationCode } from './isolation-code.js'
import { groupByTopic, type TopicGroup } from './topic-groups.js'
import { MalformedResponseError, type WireReader } from './wire-reader.js'
import type { WireWriter } from './wire-writer.js'

/** One partition of a Fetch request. */
export interface FetchTarget extends TopicPartition {
  /** As `TopicMetadata` has it: a topic that was created anew under the same name has another one. */
  readonly topicId: string
  readonly fetchOffset: number
  /** The broker may exceed it by one batch, so that a large batch gets through. */
  readonly maxBytes: number
}

export interface FetchRequest {
  readonly targets: readonly FetchTarget[]
  readonly isolation: IsolationLevel
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  /** Gives memory of at least so many bytes, for the record batches of one partition. */
  readonly allocate: (bytes: number) => Buffer
}

/** One partition of a Fetch response: record batches in `buffer[0, end)`, the last maybe cut off. */
export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly abortedTransactions: readonly AbortedTransaction[]
  readonly buffer: Buffer
  readonly end: number
}

export interface FetchResponse {
  /** For how long the broker puts the client off, milliseconds: a quota was exceeded. 0: none was. */
  readonly throttleMs: number
  readonly errorCode: number
  readonly partitions: readonly FetchedPartition[]
}

const ANY_EPOCH = -1
const CONSUMER_REPLICA = -1
const NO_SESSION = 0
const FINAL_SESSION_EPOCH = -1
const NO_ABORTED: readonly AbortedTransaction[] = []
const NO_BATCHES = Buffer.alloc(0)

const writeTarget = (writer: WireWriter, { partition, fetchOffset, maxBytes }: FetchTarget): void => {
  writer.writeInt32(partition)
  writer.writeInt32(ANY_EPOCH)
  writer.writeInt64(fetchOffset)
  writer.writeInt32(ANY_EPOCH)
  writer.writeInt64(-1)
  writer.writeInt32(maxBytes)
  writer.writeNoTaggedFields()
}

const readAborted = (reader: WireReader): AbortedTransaction => {
  const producerId = reader.readInt64()
  const firstOffset = reader.readInt64()
  reader.skipTaggedFields()
  return { producerId, firstOffset }
}

const readPartition = (reader: WireReader, topic: string, { allocate }: FetchRequest): FetchedPartition => {
  const partition = reader.readInt32()
  const errorCode = reader.readInt16()
  const highWatermark = reader.readInt64()
  const lastStableOffset = reader.readInt64()
  const logStartOffset = reader.readInt64()
  const aborted = reader.readCompactArray(() => readAborted(reader))
  reader.readInt32()
  const length = Math.max(0, reader.skipCompactByteArray())
  const batchesEnd = reader.position
  reader.skipTaggedFields()
  const buffer = length === 0 ? NO_BATCHES : allocate(length)
  reader.buffer.copy(buffer, 0, batchesEnd - length, batchesEnd)
  return {
    topic,
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    abortedTransactions: aborted.length === 0 ? NO_ABORTED : aborted,
    buffer,
    end: length,
  }
}

/** The partitions of a request by topic id, which stands in the place of the name. */
const groupById = (targets: readonly FetchTarget[]): TopicGroup<FetchTarget>[] =>
  groupByTopic(targets.map((target) => ({ ...target, topic: target.topicId })))

const topicWithId = ({ targets }: FetchRequest, topicId: string): string => {
  const target = targets.find((candidate) => candidate.topicId === topicId)
  if (target === undefined) throw new MalformedResponseError(`topic id ${topicId} was not asked for`)
  return target.topic
}

/** Fetch v13, by topic id (KIP-516), without a fetch session (KIP-227). */
export const fetchCall = (request: FetchRequest): ApiCall<FetchResponse> => ({
  apiKey: 1,
  apiName: 'Fetch',
  apiVersion: 13,
  flexible: true,
  encode(writer) {
    writer.writeInt32(CONSUMER_REPLICA)
    writer.writeInt32(request.maxWaitMs)
    writer.writeInt32(request.minBytes)
    writer.writeInt32(request.maxBytes)
    writer.writeInt8(isolationCode(request.isolation))
    writer.writeInt32(NO_SESSION)
    writer.writeInt32(FINAL_SESSION_EPOCH)
    writer.writeCompactArray(groupById(request.targets), ({ topic, partitions }) => {
      writer.writeUuid(topic)
      writer.writeCompactArray(partitions, (target) => writeTarget(writer, target))
      writer.writeNoTaggedFields()
    })
    writer.writeCompactArray([], () => {})
    writer.writeCompactString('')
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    const throttleMs = reader.readInt32()
    const errorCode = reader.readInt16()
    reader.readInt32()
    const topics = reader.readCompactArray(() => {
      const topic = topicWithId(request, reader.readUuid())
      const partitions = reader.readCompactArray(() => readPartition(reader, topic, request))
      reader.skipTaggedFields()
      return partitions
    })
    return { throttleMs, errorCode, partitions: topics.flat() }
  },
})
