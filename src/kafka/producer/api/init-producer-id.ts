import type { ApiCall } from '../../transport/broker-transport.js'
import type { ProducerIdentity } from '../producer-identity.js'

export interface InitProducerIdResponse extends ProducerIdentity {
  readonly errorCode: number
}

/**
 * InitProducerId, versions 3 to 5 (alike on the wire). With an identity of our own the coordinator bumps its epoch
 * (KIP-360) or, where another producer has taken the transactional id, fences us.
 *
 *     request  => transactional_id:COMPACT_NULLABLE_STRING transaction_timeout_ms:INT32 producer_id:INT64
 *                 producer_epoch:INT16 TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 producer_id:INT64 producer_epoch:INT16 TAGS
 */
export function initProducerIdCall(
  apiVersion: number,
  transactionalId: string | null,
  transactionTimeoutMs: number,
  own: ProducerIdentity,
): ApiCall<InitProducerIdResponse> {
  return {
    apiKey: 22,
    apiName: 'InitProducerId',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(transactionalId)
      writer.writeInt32(transactionTimeoutMs)
      writer.writeInt64(own.producerId)
      writer.writeInt16(own.producerEpoch)
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      reader.readInt32()
      const errorCode = reader.readInt16()
      const producerId = reader.readInt64()
      const producerEpoch = reader.readInt16()
      reader.skipTaggedFields()
      return { errorCode, producerId, producerEpoch }
    },
  }
}
