import type { ApiCall, CoordinatorKind } from '../transport/broker-transport.js'
import { ErrorCode } from './error-codes.js'
import { KafkaProtocolError } from './kafka-protocol-error.js'
import type { NodeAddress } from './metadata-call.js'
import { MalformedResponseError } from './wire-reader.js'

const KEY_TYPE: Readonly<Record<CoordinatorKind, number>> = { group: 0, transaction: 1 }

/** FindCoordinator v4 (KIP-699): the node that coordinates a consumer group or a transactional id. */
export const findCoordinatorCall = (kind: CoordinatorKind, id: string): ApiCall<NodeAddress> => ({
  apiKey: 10,
  apiName: 'FindCoordinator',
  apiVersion: 4,
  flexible: true,
  encode(writer) {
    writer.writeInt8(KEY_TYPE[kind])
    writer.writeCompactArray([id], (key) => writer.writeCompactString(key))
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    const [coordinator] = reader.readCompactArray(() => {
      reader.readCompactString()
      const nodeId = reader.readInt32()
      const host = reader.readCompactString() ?? ''
      const port = reader.readInt32()
      const errorCode = reader.readInt16()
      const detail = reader.readCompactString()
      reader.skipTaggedFields()
      if (errorCode !== ErrorCode.NONE) {
        throw new KafkaProtocolError(errorCode, 'FindCoordinator', { [kind]: id }, detail)
      }
      return { nodeId, host, port }
    })
    if (coordinator === undefined)
      throw new MalformedResponseError('FindCoordinator answered without coordinator')
    return coordinator
  },
})
