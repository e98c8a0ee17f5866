import type { ApiCall } from '../transport/broker-transport.js'
import type { NamedOutcome } from './create-topics-call.js'

const BY_NAME = '0'.repeat(32)

/** DeleteTopics v6, by name: the outcome by topic. */
export const deleteTopicsCall = (
  topics: readonly string[],
  timeoutMs: number,
): ApiCall<readonly NamedOutcome[]> => ({
  apiKey: 20,
  apiName: 'DeleteTopics',
  apiVersion: 6,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray(topics, (topic) => {
      writer.writeCompactString(topic)
      writer.writeUuid(BY_NAME)
      writer.writeNoTaggedFields()
    })
    writer.writeInt32(timeoutMs)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    return reader.readCompactArray(() => {
      const name = reader.readCompactString() ?? ''
      reader.readUuid()
      const errorCode = reader.readInt16()
      const detail = reader.readCompactString()
      reader.skipTaggedFields()
      return { name, errorCode, detail }
    })
  },
})
