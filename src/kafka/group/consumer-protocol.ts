import { groupByTopic } from '../protocol/topic-groups.js'
import { WireReader } from '../protocol/wire-reader.js'
import { WireWriter } from '../protocol/wire-writer.js'
import type { TopicPartition } from '../topic-partition.js'
import type { MemberAssignment } from './group-assignor.js'

/** What a member brings to JoinGroup. */
export interface Subscription {
  readonly topics: readonly string[]
  readonly userData: Buffer | null
  readonly ownedPartitions: readonly TopicPartition[]
  readonly generation: number
}

const SUBSCRIPTION_VERSION = 3
const ASSIGNMENT_VERSION = 3
const NO_GENERATION = -1

/**
 * ConsumerProtocolSubscription, version 3, as Kafka's consumers and tools have it.
 *
 *     version:INT16 [topic:STRING] user_data:NULLABLE_BYTES [owned_partitions] (2+: generation_id:INT32)
 *     (3+: rack_id:NULLABLE_STRING)
 *       owned_partition => topic:STRING [partition:INT32]
 */
export function encodeSubscription(subscription: Subscription): Buffer {
  const writer = new WireWriter()
  writer.writeInt16(SUBSCRIPTION_VERSION)
  writer.writeArray([...subscription.topics].sort(), (topic) => writer.writeString(topic))
  writer.writeByteArray(subscription.userData)
  writePartitions(writer, subscription.ownedPartitions)
  writer.writeInt32(subscription.generation)
  writer.writeString(null)
  return writer.copy()
}

/** Reads any version of the subscription; fields that an older one lacks are empty. */
export function decodeSubscription(bytes: Buffer): Subscription {
  const reader = new WireReader(bytes)
  const version = reader.readInt16()
  const topics = reader.readArray(() => reader.readString() ?? '')
  const userData = reader.readByteArray()
  const ownedPartitions = version >= 1 ? readPartitions(reader) : []
  const generation = version >= 2 ? reader.readInt32() : NO_GENERATION
  return { topics, userData, ownedPartitions, generation }
}

/**
 * ConsumerProtocolAssignment, version 3.
 *
 *     version:INT16 [assigned_partitions] user_data:NULLABLE_BYTES
 *       assigned_partition => topic:STRING [partition:INT32]
 */
export function encodeAssignment(assignment: MemberAssignment): Buffer {
  const writer = new WireWriter()
  writer.writeInt16(ASSIGNMENT_VERSION)
  writePartitions(writer, assignment.partitions)
  writer.writeByteArray(assignment.userData)
  return writer.copy()
}

/** Reads an assignment; no bytes mean none. What it holds is copied, so that it does not pin the response. */
export function decodeAssignment(bytes: Buffer): MemberAssignment {
  if (bytes.length === 0) return { partitions: [], userData: null }
  const reader = new WireReader(bytes)
  reader.readInt16()
  const partitions = readPartitions(reader)
  const userData = reader.readByteArray()
  return { partitions, userData: userData === null ? null : Buffer.from(userData) }
}

function writePartitions(writer: WireWriter, partitions: readonly TopicPartition[]): void {
  writer.writeArray(groupByTopic(partitions), ({ topic, partitions: ofTopic }) => {
    writer.writeString(topic)
    writer.writeArray(ofTopic, ({ partition }) => writer.writeInt32(partition))
  })
}

function readPartitions(reader: WireReader): TopicPartition[] {
  const partitions: TopicPartition[] = []
  reader.readArray(() => {
    const topic = reader.readString() ?? ''
    reader.readArray(() => partitions.push({ topic, partition: reader.readInt32() }))
  })
  return partitions
}
