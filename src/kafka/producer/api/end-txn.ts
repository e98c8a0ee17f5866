import type { ApiCall } from '../../transport/broker-transport.js'
import type { ProducerIdentity } from '../producer-identity.js'

export interface EndTxnResponse {
  readonly errorCode: number
  /** The identity of the next transaction: from version 5 on the coordinator bumps the epoch itself. */
  readonly next: ProducerIdentity | undefined
}

/**
 * EndTxn, versions 3 to 5. Version 5 means transactions v2 (KIP-890) to the broker.
 *
 *     request  => transactional_id:COMPACT_STRING producer_id:INT64 producer_epoch:INT16 committed:BOOLEAN TAGS
 *     response => throttle_time_ms:INT32 error_code:INT16 (5+: producer_id:INT64 producer_epoch:INT16) TAGS
 */
export function endTxnCall(
  apiVersion: number,
  transactionalId: string,
  own: ProducerIdentity,
  commit: boolean,
): ApiCall<EndTxnResponse> {
  return {
    apiKey: 26,
    apiName: 'EndTxn',
    apiVersion,
    flexible: true,
    encode(writer) {
      writer.writeCompactString(transactionalId)
      writer.writeInt64(own.producerId)
      writer.writeInt16(own.producerEpoch)
      writer.writeBoolean(commit)
      writer.writeNoTaggedFields()
    },
    decode(reader) {
      reader.readInt32()
      const errorCode = reader.readInt16()
      const next =
        apiVersion < 5 ? undefined : { producerId: reader.readInt64(), producerEpoch: reader.readInt16() }
      reader.skipTaggedFields()
      return { errorCode, next }
    },
  }
}
