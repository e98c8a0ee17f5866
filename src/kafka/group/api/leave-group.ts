import type { ApiCall } from '../../transport/broker-transport.js'
import type { GroupMetadata } from '../group-metadata.js'

/**
 * LeaveGroup, versions 4 and 5, for one member.
 *
 *     request  => group_id:COMPACT_STRING [members] TAGS
 *       member     => member_id:COMPACT_STRING group_instance_id:COMPACT_NULLABLE_STRING
 *                     (5+: reason:COMPACT_NULLABLE_STRING) TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 [members] TAGS
 *       member     => member_id:COMPACT_STRING group_instance_id:COMPACT_NULLABLE_STRING error_code:INT16 TAGS
 */
export function leaveGroupCall(
  apiVersion: number,
  group: GroupMetadata,
  reason: string,
): ApiCall<{ readonly errorCode: number }> {
  return {
    apiKey: 13,
    apiName: 'LeaveGroup',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(group.groupId)
      writer.writeCompactArray([group], ({ memberId, groupInstanceId }) => {
        writer.writeCompactString(memberId)
        writer.writeCompactString(groupInstanceId ?? null)
        if (apiVersion >= 5) writer.writeCompactString(reason)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      reader.readInt32()
      const topLevel = reader.readInt16()
      const ofMembers = reader.readCompactArray(() => {
        reader.readCompactString()
        reader.readCompactString()
        const errorCode = reader.readInt16()
        reader.skipTaggedFields()
        return errorCode
      })
      reader.skipTaggedFields()
      return { errorCode: topLevel !== 0 ? topLevel : (ofMembers[0] ?? 0) }
    },
  }
}
