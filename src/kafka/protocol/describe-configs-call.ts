import type { ApiCall } from '../transport/broker-transport.js'
import { ErrorCode } from './error-codes.js'
import { KafkaProtocolError } from './kafka-protocol-error.js'
import type { WireReader } from './wire-reader.js'

const TOPIC_RESOURCE = 2

const readConfig = (reader: WireReader): [string, string] => {
  const name = reader.readCompactString() ?? ''
  const value = reader.readCompactString() ?? ''
  reader.readBoolean()
  reader.readInt8()
  reader.readBoolean()
  reader.readCompactArray(() => {
    reader.readCompactString()
    reader.readCompactString()
    reader.readInt8()
    reader.skipTaggedFields()
  })
  reader.readInt8()
  reader.readCompactString()
  reader.skipTaggedFields()
  return [name, value]
}

/** DescribeConfigs v4 of one topic: every configuration by name, defaults included. */
export const describeTopicConfigsCall = (topic: string): ApiCall<ReadonlyMap<string, string>> => ({
  apiKey: 32,
  apiName: 'DescribeConfigs',
  apiVersion: 4,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray([topic], (name) => {
      writer.writeInt8(TOPIC_RESOURCE)
      writer.writeCompactString(name)
      writer.writeUnsignedVarint(0)
      writer.writeNoTaggedFields()
    })
    writer.writeBoolean(false)
    writer.writeBoolean(false)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    const configs = new Map<string, string>()
    reader.readCompactArray(() => {
      const errorCode = reader.readInt16()
      const detail = reader.readCompactString()
      if (errorCode !== ErrorCode.NONE) {
        throw new KafkaProtocolError(errorCode, 'DescribeConfigs', { topic }, detail)
      }
      reader.readInt8()
      reader.readCompactString()
      for (const [name, value] of reader.readCompactArray(() => readConfig(reader))) configs.set(name, value)
      reader.skipTaggedFields()
    })
    return configs
  },
})
