import {
  type CommittableOffset,
  type OffsetCommitResult,
  readCommitResults,
  writeCommittableOffsets,
} from '../../group/api/committable-offsets.js'
import type { GroupMetadata } from '../../group/group-metadata.js'
import type { ApiCall } from '../../transport/broker-transport.js'
import type { ProducerIdentity } from '../producer-identity.js'

/**
 * TxnOffsetCommit, versions 3 to 5: offsets inside a transaction, fenced by the member's generation (KIP-447).
 * Version 5 means transactions v2 (KIP-890): the group's partition joins the transaction by itself.
 *
 *     request  => transactional_id:COMPACT_STRING group_id:COMPACT_STRING producer_id:INT64 producer_epoch:INT16
 *                 generation_id:INT32 member_id:COMPACT_STRING group_instance_id:COMPACT_NULLABLE_STRING [topics] TAGS
 *     response => throttle_time_ms:INT32 [topics] TAGS
 */
export function txnOffsetCommitCall(
  apiVersion: number,
  transactionalId: string,
  own: ProducerIdentity,
  group: GroupMetadata,
  offsets: readonly CommittableOffset[],
): ApiCall<OffsetCommitResult[]> {
  return {
    apiKey: 28,
    apiName: 'TxnOffsetCommit',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(transactionalId)
      writer.writeCompactString(group.groupId)
      writer.writeInt64(own.producerId)
      writer.writeInt16(own.producerEpoch)
      writer.writeInt32(group.generationId)
      writer.writeCompactString(group.memberId)
      writer.writeCompactString(group.groupInstanceId ?? null)
      writeCommittableOffsets(writer, offsets)
      writer.writeNoTaggedFields()
    },
    decode: readCommitResults,
  }
}
