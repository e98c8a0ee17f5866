import type { ApiCall } from '../../transport/broker-transport.js'
import type { GroupMetadata } from '../group-metadata.js'

export interface SyncGroupResponse {
  readonly errorCode: number
  readonly assignment: Buffer
}

/**
 * SyncGroup, version 5. The leader brings the assignments, the others none; each is answered with its own.
 *
 *     request  => group_id:COMPACT_STRING generation_id:INT32 member_id:COMPACT_STRING
 *                 group_instance_id:COMPACT_NULLABLE_STRING protocol_type:COMPACT_NULLABLE_STRING
 *                 protocol_name:COMPACT_NULLABLE_STRING [assignments] TAGS
 *       assignment => member_id:COMPACT_STRING assignment:COMPACT_BYTES TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 protocol_type:COMPACT_NULLABLE_STRING
 *                 protocol_name:COMPACT_NULLABLE_STRING assignment:COMPACT_BYTES TAGS
 */
export function syncGroupCall(
  apiVersion: number,
  group: GroupMetadata,
  protocolName: string,
  assignments: ReadonlyMap<string, Buffer>,
): ApiCall<SyncGroupResponse> {
  return {
    apiKey: 14,
    apiName: 'SyncGroup',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(group.groupId)
      writer.writeInt32(group.generationId)
      writer.writeCompactString(group.memberId)
      writer.writeCompactString(group.groupInstanceId ?? null)
      writer.writeCompactString('consumer')
      writer.writeCompactString(protocolName)
      writer.writeCompactArray([...assignments], ([memberId, assignment]) => {
        writer.writeCompactString(memberId)
        writer.writeCompactByteArray(assignment)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      reader.readInt32()
      const errorCode = reader.readInt16()
      reader.readCompactString()
      reader.readCompactString()
      const assignment = reader.readCompactByteArray() ?? Buffer.alloc(0)
      reader.skipTaggedFields()
      return { errorCode, assignment }
    },
  }
}
