import type { ApiCall } from '../transport/broker-transport.js'

/** A topic to be created. */
export interface NewTopic {
  readonly topic: string
  /** -1: the broker's default. */
  readonly partitions: number
  /** -1: the broker's default. */
  readonly replicationFactor: number
  /** Topic configurations by name, such as `cleanup.policy`. */
  readonly configs: Readonly<Record<string, string>>
}

/** What became of one named thing. */
export interface NamedOutcome {
  readonly name: string
  readonly errorCode: number
  /** The broker's own words, if any. */
  readonly detail: string | null
}

/** CreateTopics v7: the outcome by topic. */
export const createTopicsCall = (
  topics: readonly NewTopic[],
  timeoutMs: number,
): ApiCall<readonly NamedOutcome[]> => ({
  apiKey: 19,
  apiName: 'CreateTopics',
  apiVersion: 7,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray(topics, ({ topic, partitions, replicationFactor, configs }) => {
      writer.writeCompactString(topic)
      writer.writeInt32(partitions)
      writer.writeInt16(replicationFactor)
      writer.writeCompactArray([], () => {})
      writer.writeCompactArray(Object.entries(configs), ([name, value]) => {
        writer.writeCompactString(name)
        writer.writeCompactString(value)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    })
    writer.writeInt32(timeoutMs)
    writer.writeBoolean(false)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    return reader.readCompactArray(() => {
      const name = reader.readCompactString() ?? ''
      reader.readUuid()
      const errorCode = reader.readInt16()
      const detail = reader.readCompactString()
      reader.readInt32()
      reader.readInt16()
      reader.readCompactArray(() => {
        reader.readCompactString()
        reader.readCompactString()
        reader.readBoolean()
        reader.readInt8()
        reader.readBoolean()
        reader.skipTaggedFields()
      })
      reader.skipTaggedFields()
      return { name, errorCode, detail }
    })
  },
})
