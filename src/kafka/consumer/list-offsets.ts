import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, listOffsetsCall } from '../protocol/list-offsets-call.js'
import type { IsolationLevel } from '../records/fetched-chunk.js'
import type { TopicPartition } from '../topic-partition.js'
import { askLeaders } from '../transport/ask-leaders.js'
import type { BrokerTransport, Channel } from '../transport/broker-transport.js'

const NO_SUCH_RECORD = -1

const timestampOf = (at: 'earliest' | 'latest' | number): number => {
  if (at === 'earliest') return EARLIEST_TIMESTAMP
  return at === 'latest' ? LATEST_TIMESTAMP : at
}

/**
 * Offsets of partitions by `topicPartitionKey`: the log start (`earliest`), the end as the isolation level sees it
 * (`latest`: the high watermark, or the last stable offset for `read_committed`), or the first record whose
 * timestamp is at least the given one (epoch milliseconds); a partition without such a record is left out.
 *
 * @throws KafkaProtocolError with topic and partition, such as UNKNOWN_TOPIC_OR_PARTITION
 */
export const listOffsets = async (
  transport: BrokerTransport,
  partitions: readonly TopicPartition[],
  at: 'earliest' | 'latest' | number,
  isolation: IsolationLevel,
  channel: Channel = 'admin',
): Promise<Map<string, number>> => {
  const timestamp = timestampOf(at)
  const offsets = await askLeaders(transport, {
    partitions,
    channel,
    call: (led) => listOffsetsCall(led, timestamp, isolation),
  })
  for (const [key, offset] of offsets) if (offset === NO_SUCH_RECORD) offsets.delete(key)
  return offsets
}
