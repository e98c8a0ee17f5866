import type { ApiCall } from '../../transport/broker-transport.js'
import type { GroupMetadata } from '../group-metadata.js'
import {
  type CommittableOffset,
  type OffsetCommitResult,
  readCommitResults,
  writeCommittableOffsets,
} from './committable-offsets.js'

/**
 * OffsetCommit, version 8.
 *
 *     request  => group_id:COMPACT_STRING generation_id:INT32 member_id:COMPACT_STRING
 *                 group_instance_id:COMPACT_NULLABLE_STRING [topics] TAGS
 *     response => throttle_time_ms:INT32 [topics] TAGS
 */
export function offsetCommitCall(
  apiVersion: number,
  group: GroupMetadata,
  offsets: readonly CommittableOffset[],
): ApiCall<OffsetCommitResult[]> {
  return {
    apiKey: 8,
    apiName: 'OffsetCommit',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(group.groupId)
      writer.writeInt32(group.generationId)
      writer.writeCompactString(group.memberId)
      writer.writeCompactString(group.groupInstanceId ?? null)
      writeCommittableOffsets(writer, offsets)
      writer.writeNoTaggedFields()
    },
    decode: readCommitResults,
  }
}
