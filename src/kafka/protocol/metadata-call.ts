import type { ApiCall, PartitionMetadata, TopicMetadata } from '../transport/broker-transport.js'
import type { WireReader } from './wire-reader.js'

const NO_TOPIC_ID = '0'.repeat(32)

/** Where a broker listens. */
export interface NodeAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

export interface ClusterMetadata {
  readonly nodes: readonly NodeAddress[]
  /** -1 where the broker does not know one. */
  readonly controllerId: number
  readonly topics: readonly TopicMetadata[]
}

const readNode = (reader: WireReader): NodeAddress => {
  const nodeId = reader.readInt32()
  const host = reader.readCompactString() ?? ''
  const port = reader.readInt32()
  reader.readCompactString()
  reader.skipTaggedFields()
  return { nodeId, host, port }
}

const readPartition = (reader: WireReader): PartitionMetadata => {
  const errorCode = reader.readInt16()
  const partition = reader.readInt32()
  const leader = reader.readInt32()
  reader.readInt32()
  for (let list = 0; list < 3; list++) reader.readCompactArray(() => reader.readInt32())
  reader.skipTaggedFields()
  return { partition, leader, errorCode }
}

const readTopic = (reader: WireReader): TopicMetadata => {
  const errorCode = reader.readInt16()
  const topic = reader.readCompactString() ?? ''
  const topicId = reader.readUuid()
  reader.readBoolean()
  const partitions = reader.readCompactArray(() => readPartition(reader))
  reader.readInt32()
  reader.skipTaggedFields()
  return { topic, topicId, errorCode, partitions }
}

/**
 * Metadata v12 (KIP-516): the cluster's nodes, and the partitions and ids of topics; of all topics when none are
 * named. Never creates a topic.
 */
export const metadataCall = (topics: readonly string[] | undefined): ApiCall<ClusterMetadata> => ({
  apiKey: 3,
  apiName: 'Metadata',
  apiVersion: 12,
  flexible: true,
  encode(writer) {
    if (topics === undefined) writer.writeUnsignedVarint(0)
    else
      writer.writeCompactArray(topics, (topic) => {
        writer.writeUuid(NO_TOPIC_ID)
        writer.writeCompactString(topic)
        writer.writeNoTaggedFields()
      })
    writer.writeBoolean(false)
    writer.writeBoolean(false)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    const nodes = reader.readCompactArray(() => readNode(reader))
    reader.readCompactString()
    const controllerId = reader.readInt32()
    const topicMetadata = reader.readCompactArray(() => readTopic(reader))
    return { nodes, controllerId, topics: topicMetadata }
  },
})
