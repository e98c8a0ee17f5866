import { groupByTopic } from '../../protocol/topic-groups.js'
import type { WireReader } from '../../protocol/wire-reader.js'
import type { WireWriter } from '../../protocol/wire-writer.js'
import type { TopicPartition } from '../../topic-partition.js'

/** The next offset to read of a partition, with up to 4,096 bytes of text beside it. */
export interface CommittableOffset extends TopicPartition {
  readonly offset: number
  readonly metadata?: string | undefined
}

export interface OffsetCommitResult extends TopicPartition {
  readonly errorCode: number
}

const UNKNOWN_LEADER_EPOCH = -1

/**
 * The topics of OffsetCommit and of TxnOffsetCommit.
 *
 *     topic     => name:COMPACT_STRING [partitions] TAGS
 *     partition => index:INT32 offset:INT64 leader_epoch:INT32 metadata:COMPACT_NULLABLE_STRING TAGS
 */
export function writeCommittableOffsets(writer: WireWriter, offsets: readonly CommittableOffset[]): void {
  writer.writeCompactArray(groupByTopic(offsets), ({ topic, partitions }) => {
    writer.writeCompactString(topic)
    writer.writeCompactArray(partitions, ({ partition, offset, metadata }) => {
      writer.writeInt32(partition)
      writer.writeInt64(offset)
      writer.writeInt32(UNKNOWN_LEADER_EPOCH)
      writer.writeCompactString(metadata ?? '')
      writer.writeNoTaggedFields()
    })
    writer.writeNoTaggedFields()
  })
}

/**
 * The response of OffsetCommit and of TxnOffsetCommit.
 *
 *     response  => throttle_time_ms:INT32 [topics] TAGS
 *     topic     => name:COMPACT_STRING [partitions] TAGS
 *     partition => index:INT32 error_code:INT16 TAGS
 */
export function readCommitResults(reader: WireReader): OffsetCommitResult[] {
  const results: OffsetCommitResult[] = []
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
}
