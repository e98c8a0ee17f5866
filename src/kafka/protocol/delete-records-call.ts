import type { TopicPartition } from '../topic-partition.js'
import type { ApiCall } from '../transport/broker-transport.js'
import type { PartitionAnswer } from './partition-answer.js'
import { groupByTopic } from './topic-groups.js'

/** Everything before `offset` of a partition. */
export interface RecordsBefore extends TopicPartition {
  readonly offset: number
}

/** DeleteRecords v2 (KIP-107): moves log starts forward; answers with the new ones. */
export const deleteRecordsCall = (
  records: readonly RecordsBefore[],
  timeoutMs: number,
): ApiCall<PartitionAnswer<number>[]> => ({
  apiKey: 21,
  apiName: 'DeleteRecords',
  apiVersion: 2,
  flexible: true,
  encode(writer) {
    writer.writeCompactArray(groupByTopic(records), ({ topic, partitions }) => {
      writer.writeCompactString(topic)
      writer.writeCompactArray(partitions, ({ partition, offset }) => {
        writer.writeInt32(partition)
        writer.writeInt64(offset)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    })
    writer.writeInt32(timeoutMs)
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    const topics = reader.readCompactArray(() => {
      const topic = reader.readCompactString() ?? ''
      const answers = reader.readCompactArray(() => {
        const partition = reader.readInt32()
        const value = reader.readInt64()
        const errorCode = reader.readInt16()
        reader.skipTaggedFields()
        return { topic, partition, errorCode, value }
      })
      reader.skipTaggedFields()
      return answers
    })
    return topics.flat()
  },
})
