import type { ApiCall } from '../../transport/broker-transport.js'
import type { GroupMetadata } from '../group-metadata.js'

/**
 * Heartbeat, version 4.
 *
 *     request  => group_id:COMPACT_STRING generation_id:INT32 member_id:COMPACT_STRING
 *                 group_instance_id:COMPACT_NULLABLE_STRING TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 TAGS
 */
export function heartbeatCall(
  apiVersion: number,
  group: GroupMetadata,
): ApiCall<{ readonly errorCode: number }> {
  return {
    apiKey: 12,
    apiName: 'Heartbeat',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(group.groupId)
      writer.writeInt32(group.generationId)
      writer.writeCompactString(group.memberId)
      writer.writeCompactString(group.groupInstanceId ?? null)
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      reader.readInt32()
      const errorCode = reader.readInt16()
      reader.skipTaggedFields()
      return { errorCode }
    },
  }
}
