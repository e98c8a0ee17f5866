import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import type { ApiCall } from '../../src/kafka/transport/broker-transport.js'

/** AlterClientQuotas v1 (KIP-546): what the clients of a client id may do, such as `producer_byte_rate` per second. */
export const clientQuotaCall = (
  clientId: string,
  quotas: Readonly<Record<string, number>>,
): ApiCall<void> => ({
  apiKey: 49,
  apiName: 'AlterClientQuotas',
  apiVersion: 1,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray([clientId], (id) => {
      writer.writeCompactArray([id], () => {
        writer.writeCompactString('client-id')
        writer.writeCompactString(id)
        writer.writeNoTaggedFields()
      })
      writer.writeCompactArray(Object.entries(quotas), ([name, value]) => {
        const bytes = Buffer.alloc(8)
        bytes.writeDoubleBE(value)
        writer.writeCompactString(name)
        writer.writeBytes(bytes)
        writer.writeBoolean(false)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    })
    writer.writeBoolean(false)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    reader.readCompactArray(() => {
      const errorCode = reader.readInt16()
      const detail = reader.readCompactString()
      reader.readCompactArray(() => {
        reader.readCompactString()
        reader.readCompactString()
        reader.skipTaggedFields()
      })
      reader.skipTaggedFields()
      if (errorCode !== 0) throw new KafkaProtocolError(errorCode, 'AlterClientQuotas', {}, detail)
    })
  },
})
