import { groupByTopic } from '../../protocol/topic-groups.js'
import type { TopicPartition } from '../../topic-partition.js'
import type { ApiCall } from '../../transport/broker-transport.js'

export interface FetchedOffset extends TopicPartition {
  /** -1 where nothing is committed. */
  readonly offset: number
  readonly metadata: string | null
  readonly errorCode: number
}

export interface OffsetFetchResponse {
  readonly errorCode: number
  readonly offsets: readonly FetchedOffset[]
}

/**
 * OffsetFetch, version 7: the first that can wait for pending transactions (`require_stable`, KIP-447).
 *
 *     request  => group_id:COMPACT_STRING [topics] require_stable:BOOLEAN TAGS
 *       topic      => name:COMPACT_STRING [partition:INT32] TAGS
 *     response => throttle_time_ms:INT32 [topics] error_code:INT16 TAGS
 *       topic      => name:COMPACT_STRING [partitions] TAGS
 *       partition  => index:INT32 offset:INT64 leader_epoch:INT32 metadata:COMPACT_NULLABLE_STRING error_code:INT16 TAGS
 */
export function offsetFetchCall(
  apiVersion: number,
  groupId: string,
  partitions: readonly TopicPartition[],
  requireStable: boolean,
): ApiCall<OffsetFetchResponse> {
  const topics = groupByTopic(partitions)
  return {
    apiKey: 9,
    apiName: 'OffsetFetch',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(groupId)
      writer.writeCompactArray(topics, ({ topic, partitions: asked }) => {
        writer.writeCompactString(topic)
        writer.writeCompactArray(asked, ({ partition }) => writer.writeInt32(partition))
        writer.writeNoTaggedFields()
      })
      writer.writeBoolean(requireStable)
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      const offsets: FetchedOffset[] = []
      reader.readInt32()
      reader.readCompactArray(() => {
        const topic = reader.readCompactString() ?? ''
        reader.readCompactArray(() => {
          const partition = reader.readInt32()
          const offset = reader.readInt64()
          reader.readInt32()
          const metadata = reader.readCompactString()
          const errorCode = reader.readInt16()
          reader.skipTaggedFields()
          offsets.push({ topic, partition, offset, metadata, errorCode })
        })
        reader.skipTaggedFields()
      })
      const errorCode = reader.readInt16()
      reader.skipTaggedFields()
      return { errorCode, offsets }
    },
  }
}
