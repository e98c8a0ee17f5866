import { groupByTopic } from '../../protocol/topic-groups.js'
import type { ApiCall } from '../../transport/broker-transport.js'

/** One record batch for one partition. */
export interface ProducePartition {
  readonly topic: string
  readonly partition: number
  readonly records: Buffer
}

export interface ProducePartitionResult {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly baseOffset: number
  /** -1 unless the topic has LogAppendTime. */
  readonly logAppendTime: number
}

export interface ProduceResponse {
  /** For how long the broker puts the client off, milliseconds: a quota was exceeded. 0: none was. */
  readonly throttleMs: number
  readonly partitions: readonly ProducePartitionResult[]
}

const ALL_IN_SYNC_REPLICAS = -1

/**
 * Produce, versions 9 to 12. From version 12 on (KIP-890) a transactional batch adds its partition to the
 * transaction; the broker tells that from the version alone.
 *
 *     request  => transactional_id:COMPACT_NULLABLE_STRING acks:INT16 timeout_ms:INT32 [topics] TAGS
 *       topic      => name:COMPACT_STRING [partitions] TAGS
 *       partition  => index:INT32 records:COMPACT_BYTES TAGS
 *     response => [topics] throttle_time_ms:INT32 TAGS
 *       topic      => name:COMPACT_STRING [partitions] TAGS
 *       partition  => index:INT32 error_code:INT16 base_offset:INT64 log_append_time_ms:INT64 log_start_offset:INT64
 *                     [record_errors] error_message:COMPACT_NULLABLE_STRING TAGS
 *       record_error => batch_index:INT32 message:COMPACT_NULLABLE_STRING TAGS
 */
export function produceCall(
  apiVersion: number,
  transactionalId: string | null,
  timeoutMs: number,
  partitions: readonly ProducePartition[],
): ApiCall<ProduceResponse> {
  const topics = groupByTopic(partitions)
  return {
    apiKey: 0,
    apiName: 'Produce',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(transactionalId)
      writer.writeInt16(ALL_IN_SYNC_REPLICAS)
      writer.writeInt32(timeoutMs)
      writer.writeCompactArray(topics, ({ topic, partitions: batches }) => {
        writer.writeCompactString(topic)
        writer.writeCompactArray(batches, ({ partition, records }) => {
          writer.writeInt32(partition)
          writer.writeCompactByteArray(records)
          writer.writeNoTaggedFields()
        })
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      const results: ProducePartitionResult[] = []
      reader.readCompactArray(() => {
        const topic = reader.readCompactString() ?? ''
        reader.readCompactArray(() => {
          const partition = reader.readInt32()
          const errorCode = reader.readInt16()
          const baseOffset = reader.readInt64()
          const logAppendTime = reader.readInt64()
          reader.readInt64()
          reader.readCompactArray(() => {
            reader.readInt32()
            reader.readCompactString()
            reader.skipTaggedFields()
          })
          const errorMessage = reader.readCompactString()
          reader.skipTaggedFields()
          results.push({ topic, partition, errorCode, errorMessage, baseOffset, logAppendTime })
        })
        reader.skipTaggedFields()
      })
      const throttleMs = reader.readInt32()
      reader.skipTaggedFields()
      return { throttleMs, partitions: results }
    },
  }
}
