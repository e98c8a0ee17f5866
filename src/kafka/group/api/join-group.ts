import type { ApiCall } from '../../transport/broker-transport.js'

export interface JoinGroupRequest {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Empty at the first join; the coordinator then gives one. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolName: string
  readonly subscription: Buffer
  readonly reason: string | null
}

export interface JoinedMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly subscription: Buffer
}

export interface JoinGroupResponse {
  readonly errorCode: number
  readonly generationId: number
  readonly leader: string
  /** The leader need not assign: a static member came back and the assignment stands (KIP-814). */
  readonly skipAssignment: boolean
  readonly memberId: string
  /** Only the leader is told. */
  readonly members: readonly JoinedMember[]
}

/**
 * JoinGroup, versions 7 to 9. The coordinator holds the response back until every member has joined.
 *
 *     request  => group_id:COMPACT_STRING session_timeout_ms:INT32 rebalance_timeout_ms:INT32 member_id:COMPACT_STRING
 *                 group_instance_id:COMPACT_NULLABLE_STRING protocol_type:COMPACT_STRING [protocols]
 *                 (8+: reason:COMPACT_NULLABLE_STRING) TAGS
 *       protocol   => name:COMPACT_STRING metadata:COMPACT_BYTES TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 generation_id:INT32 protocol_type:COMPACT_NULLABLE_STRING
 *                 protocol_name:COMPACT_NULLABLE_STRING leader:COMPACT_STRING (9+: skip_assignment:BOOLEAN)
 *                 member_id:COMPACT_STRING [members] TAGS
 *       member     => member_id:COMPACT_STRING group_instance_id:COMPACT_NULLABLE_STRING metadata:COMPACT_BYTES TAGS
 */
export function joinGroupCall(apiVersion: number, request: JoinGroupRequest): ApiCall<JoinGroupResponse> {
  return {
    apiKey: 11,
    apiName: 'JoinGroup',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(request.groupId)
      writer.writeInt32(request.sessionTimeoutMs)
      writer.writeInt32(request.rebalanceTimeoutMs)
      writer.writeCompactString(request.memberId)
      writer.writeCompactString(request.groupInstanceId)
      writer.writeCompactString('consumer')
      writer.writeCompactArray([request], ({ protocolName, subscription }) => {
        writer.writeCompactString(protocolName)
        writer.writeCompactByteArray(subscription)
        writer.writeNoTaggedFields()
      })
      if (apiVersion >= 8) writer.writeCompactString(request.reason)
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      reader.readInt32()
      const errorCode = reader.readInt16()
      const generationId = reader.readInt32()
      reader.readCompactString()
      reader.readCompactString()
      const leader = reader.readCompactString() ?? ''
      const skipAssignment = apiVersion >= 9 && reader.readBoolean()
      const memberId = reader.readCompactString() ?? ''
      const members = reader.readCompactArray(() => {
        const member = {
          memberId: reader.readCompactString() ?? '',
          groupInstanceId: reader.readCompactString(),
          subscription: reader.readCompactByteArray() ?? Buffer.alloc(0),
        }
        reader.skipTaggedFields()
        return member
      })
      reader.skipTaggedFields()
      return { errorCode, generationId, leader, skipAssignment, memberId, members }
    },
  }
}
