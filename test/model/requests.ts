import type { ProducerIdentity } from '../../src/kafka/producer/producer-identity.js'
import type { WireReader } from '../../src/kafka/protocol/wire-reader.js'
import type { TopicPartition } from '../../src/kafka/topic-partition.js'
import type { JoinRequest, Membership, PartitionOffset } from './group-coordinator.js'

/* What a broker reads: the requests that the engine writes, in the versions in which it writes them. */

/** Topics with partitions, flat. */
function byTopic<T>(
  reader: WireReader,
  read: (topic: string) => T,
  readTopic = (): string => reader.readCompactString()!,
): T[] {
  const topics = reader.readCompactArray(() => {
    const topic = readTopic()
    const partitions = reader.readCompactArray(() => read(topic))
    reader.skipTaggedFields()
    return partitions
  })
  return topics.flat()
}

export function readProduce(reader: WireReader) {
  const transactionalId = reader.readCompactString()
  reader.skip(6)
  const batches = byTopic(reader, (topic) => {
    const partition = reader.readInt32()
    const records = reader.readCompactByteArray()!
    reader.skipTaggedFields()
    return { topic, partition, records }
  })
  return { transactionalId, batches }
}

/** @param topicOf gives the name of a topic by its id */
export function readFetch(reader: WireReader, topicOf: (topicId: string) => string) {
  reader.skip(4)
  const maxWaitMs = reader.readInt32()
  reader.skip(8)
  const committed = reader.readInt8() === 1
  reader.skip(8)
  const readTarget = (topic: string) => {
    const partition = reader.readInt32()
    reader.skip(4)
    const offset = reader.readInt64()
    reader.skip(16)
    reader.skipTaggedFields()
    return { topic, partition, offset }
  }
  const targets = byTopic(reader, readTarget, () => topicOf(reader.readUuid()))
  return { maxWaitMs, committed, targets }
}

export function readListOffsets(reader: WireReader) {
  reader.skip(4)
  const committed = reader.readInt8() === 1
  const partitions = byTopic(reader, (topic) => {
    const partition = reader.readInt32()
    reader.skip(4)
    const timestamp = reader.readInt64()
    reader.skipTaggedFields()
    return { topic, partition, timestamp }
  })
  return { committed, partitions }
}

export const readDeleteRecords = (reader: WireReader) =>
  byTopic(reader, (topic) => {
    const partition = reader.readInt32()
    const value = reader.readInt64()
    reader.skipTaggedFields()
    return { topic, partition, value }
  })

const readIdentity = (reader: WireReader): ProducerIdentity => ({
  producerId: reader.readInt64(),
  producerEpoch: reader.readInt16(),
})

export function readInitProducerId(reader: WireReader) {
  const transactionalId = reader.readCompactString()
  const timeoutMs = reader.readInt32()
  return { transactionalId, timeoutMs, own: readIdentity(reader) }
}

/** How AddPartitionsToTxn, AddOffsetsToTxn and EndTxn begin. */
export const readTransaction = (reader: WireReader) => ({
  transactionalId: reader.readCompactString()!,
  own: readIdentity(reader),
})

export const readPartitions = (reader: WireReader): TopicPartition[] =>
  byTopic(reader, (topic) => ({ topic, partition: reader.readInt32() }))

export const readMembership = (reader: WireReader): Membership => {
  reader.readCompactString()
  return readMember(reader)
}

const readMember = (reader: WireReader): Membership => {
  const generation = reader.readInt32()
  const memberId = reader.readCompactString()!
  reader.readCompactString()
  return { generation, memberId }
}

const readOffsets = (reader: WireReader): PartitionOffset[] =>
  byTopic(reader, (topic) => {
    const partition = reader.readInt32()
    const offset = reader.readInt64()
    reader.skip(4)
    const metadata = reader.readCompactString()
    reader.skipTaggedFields()
    return { topic, partition, offset, metadata }
  })

export function readTxnOffsetCommit(reader: WireReader) {
  const transactionalId = reader.readCompactString()!
  reader.readCompactString()
  const own = readIdentity(reader)
  const membership = readMember(reader)
  return { transactionalId, own, membership, offsets: readOffsets(reader) }
}

export const readOffsetCommit = (reader: WireReader) => ({
  membership: readMembership(reader),
  offsets: readOffsets(reader),
})

export function readOffsetFetch(reader: WireReader) {
  reader.readCompactString()
  const partitions = readPartitions(reader)
  return { partitions, requireStable: reader.readBoolean() }
}

export function readJoin(reader: WireReader): JoinRequest {
  reader.readCompactString()
  const sessionTimeoutMs = reader.readInt32()
  const rebalanceTimeoutMs = reader.readInt32()
  const memberId = reader.readCompactString()!
  reader.readCompactString()
  reader.readCompactString()
  const [subscription] = reader.readCompactArray(() => {
    reader.readCompactString()
    const metadata = Buffer.from(reader.readCompactByteArray()!)
    reader.skipTaggedFields()
    return metadata
  })
  return { memberId, sessionTimeoutMs, rebalanceTimeoutMs, subscription: subscription! }
}

export function readSync(reader: WireReader) {
  const membership = readMembership(reader)
  reader.readCompactString()
  reader.readCompactString()
  const assignments = reader.readCompactArray((): [string, Buffer] => {
    const memberId = reader.readCompactString()!
    const assignment = reader.readCompactByteArray()!
    reader.skipTaggedFields()
    return [memberId, assignment]
  })
  return { membership, assignments: new Map(assignments) }
}

export function readLeave(reader: WireReader): string {
  reader.readCompactString()
  const [memberId] = reader.readCompactArray(() => {
    const id = reader.readCompactString()!
    reader.readCompactString()
    reader.readCompactString()
    reader.skipTaggedFields()
    return id
  })
  return memberId!
}
