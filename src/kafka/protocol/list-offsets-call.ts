import type { IsolationLevel } from '../records/fetched-chunk.js'
import type { TopicPartition } from '../topic-partition.js'
import type { ApiCall } from '../transport/broker-transport.js'
import { isolationCode } from './isolation-code.js'
import type { PartitionAnswer } from './partition-answer.js'
import { groupByTopic } from './topic-groups.js'

const CONSUMER_REPLICA = -1
const ANY_EPOCH = -1

/** Asks for the log end, as the isolation level sees it. */
export const LATEST_TIMESTAMP = -1
/** Asks for the log start. */
export const EARLIEST_TIMESTAMP = -2

/** ListOffsets v7: the first offset whose record is as late as `timestamp`, -1 where there is none. */
export const listOffsetsCall = (
  partitions: readonly TopicPartition[],
  timestamp: number,
  isolation: IsolationLevel,
): ApiCall<PartitionAnswer<number>[]> => ({
  apiKey: 2,
  apiName: 'ListOffsets',
  apiVersion: 7,
  flexible: true,
  encode(writer) {
    writer.writeInt32(CONSUMER_REPLICA)
    writer.writeInt8(isolationCode(isolation))
    writer.writeCompactArray(groupByTopic(partitions), (group) => {
      writer.writeCompactString(group.topic)
      writer.writeCompactArray(group.partitions, ({ partition }) => {
        writer.writeInt32(partition)
        writer.writeInt32(ANY_EPOCH)
        writer.writeInt64(timestamp)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    })
    writer.writeNoTaggedFields()
  },
  decode(reader) {
    reader.readInt32()
    const topics = reader.readCompactArray(() => {
      const topic = reader.readCompactString() ?? ''
      const answers = reader.readCompactArray(() => {
        const partition = reader.readInt32()
        const errorCode = reader.readInt16()
        reader.readInt64()
        const value = reader.readInt64()
        reader.readInt32()
        reader.skipTaggedFields()
        return { topic, partition, errorCode, value }
      })
      reader.skipTaggedFields()
      return answers
    })
    return topics.flat()
  },
})
