import { ErrorCode } from '../protocol/error-codes.js'
import { KafkaProtocolError } from '../protocol/kafka-protocol-error.js'
import type { PartitionAnswer } from '../protocol/partition-answer.js'
import { type TopicPartition, topicPartitionKey } from '../topic-partition.js'
import { Backoff } from './backoff.js'
import type { ApiCall, BrokerTransport, Channel } from './broker-transport.js'
import { isUnreachable } from './transport-error.js'

const GIVE_UP_AFTER_MS = 30_000

/** What is asked of the leaders of partitions. */
export interface LeaderQuestion<P extends TopicPartition, Value> {
  readonly partitions: readonly P[]
  readonly channel: Channel
  /** The request for the partitions that one node leads. */
  call(partitions: readonly P[]): ApiCall<PartitionAnswer<Value>[]>
}

/**
 * Asks each partition's leader, one request per node, and repeats for the partitions whose leader has moved or
 * cannot be reached. Resolves with the values by `topicPartitionKey`.
 *
 * @throws KafkaProtocolError with topic and partition for an error that does not pass
 */
export const askLeaders = async <P extends TopicPartition, Value>(
  transport: BrokerTransport,
  question: LeaderQuestion<P, Value>,
): Promise<Map<string, Value>> => {
  const values = new Map<string, Value>()
  const deadline = performance.now() + GIVE_UP_AFTER_MS
  const backoff = new Backoff()
  let open: readonly P[] = question.partitions
  for (;;) {
    const failure = await askOnce(transport, { ...question, partitions: open }, values)
    if (failure === undefined) return values
    if (performance.now() >= deadline) throw failure
    open = open.filter(({ topic, partition }) => !values.has(topicPartitionKey(topic, partition)))
    await backoff.pause()
  }
}

/** Collects the values that it gets; gives the last passing failure, if any, and throws a lasting one. */
const askOnce = async <P extends TopicPartition, Value>(
  transport: BrokerTransport,
  { partitions, channel, call }: LeaderQuestion<P, Value>,
  values: Map<string, Value>,
): Promise<unknown> => {
  let passing: unknown
  const askNode = async (node: number, led: readonly P[]): Promise<void> => {
    const request = call(led)
    const answers = await transport.request(node, channel, request)
    for (const { topic, partition, errorCode, value } of answers) {
      if (errorCode === ErrorCode.NONE) {
        values.set(topicPartitionKey(topic, partition), value)
        continue
      }
      const error = new KafkaProtocolError(errorCode, request.apiName, { topic, partition })
      if (!error.retriable) throw error
      transport.forgetLeaders(topic)
      passing = error
    }
  }
  const nodes = await groupByLeader(transport, partitions)
  const outcomes = await Promise.allSettled([...nodes].map(([node, led]) => askNode(node, led)))
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') continue
    if (!isUnreachable(outcome.reason)) throw outcome.reason
    passing = outcome.reason
  }
  return passing
}

const groupByLeader = async <P extends TopicPartition>(
  transport: BrokerTransport,
  partitions: readonly P[],
): Promise<Map<number, P[]>> => {
  const leaders = await Promise.all(partitions.map((each) => transport.leaderOf(each.topic, each.partition)))
  const nodes = new Map<number, P[]>()
  for (const [index, each] of partitions.entries()) {
    const node = leaders[index]!
    const led = nodes.get(node)
    if (led === undefined) nodes.set(node, [each])
    else led.push(each)
  }
  return nodes
}
