import type { ApiCall } from '../../transport/broker-transport.js'
import type { ProducerIdentity } from '../producer-identity.js'

/**
 * AddOffsetsToTxn, versions 3 and 4 (alike on the wire): transactions v1 name the group whose offsets they commit.
 *
 *     request  => transactional_id:COMPACT_STRING producer_id:INT64 producer_epoch:INT16 group_id:COMPACT_STRING TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 TAGS
 */
export function addOffsetsToTxnCall(
  apiVersion: number,
  transactionalId: string,
  own: ProducerIdentity,
  groupId: string,
): ApiCall<{ readonly errorCode: number }> {
  return {
    apiKey: 25,
    apiName: 'AddOffsetsToTxn',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(transactionalId)
      writer.writeInt64(own.producerId)
      writer.writeInt16(own.producerEpoch)
      writer.writeCompactString(groupId)
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
