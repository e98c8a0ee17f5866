import { groupByTopic } from '../../protocol/topic-groups.js'
import type { TopicPartition } from '../../topic-partition.js'
import type { ApiCall } from '../../transport/broker-transport.js'
import type { ProducerIdentity } from '../producer-identity.js'

export interface AddPartitionResult extends TopicPartition {
  readonly errorCode: number
}

/**
 * AddPartitionsToTxn, version 3 (later ones are for brokers): transactions v1 name their partitions beforehand.
 *
 *     request  => transactional_id:COMPACT_STRING producer_id:INT64 producer_epoch:INT16 [topics] TAGS
 *       topic      => name:COMPACT_STRING [partition:INT32] TAGS
 *     response => throttle_time_ms:INT32 [topics] TAGS
 *       topic      => name:COMPACT_STRING [partitions] TAGS
 *       partition  => index:INT32 error_code:INT16 TAGS
 */
export function addPartitionsToTxnCall(
  apiVersion: number,
  transactionalId: string,
  own: ProducerIdentity,
  partitions: readonly TopicPartition[],
): ApiCall<AddPartitionResult[]> {
  const topics = groupByTopic(partitions)
  return {
    apiKey: 24,
    apiName: 'AddPartitionsToTxn',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(transactionalId)
      writer.writeInt64(own.producerId)
      writer.writeInt16(own.producerEpoch)
      writer.writeCompactArray(topics, ({ topic, partitions: added }) => {
        writer.writeCompactString(topic)
        writer.writeCompactArray(added, ({ partition }) => writer.writeInt32(partition))
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      const results: AddPartitionResult[] = []
      reader.readInt32()
      reader.readCompactArray(() => {
        const topic = reader.readCompactString() ?? ''
        reader.readCompactArray(() => {
          results.push({ topic, partition: reader.readInt32(), errorCode: reader.readInt16() })
          reader.skipTaggedFields()
        })
        reader.skipTaggedFields()
      })
      reader.skipTaggedFields()
      return results
    },
  }
}
