import type { Downstream, RecordContext } from '../../operators/processor.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { AnySinkNode, StreamPartitioner, TopicNameExtractor } from '../topology/sub-topology.js'
import { ProcessingError, ProductionError } from './processing-error.js'
import { StreamsError } from './streams-error.js'

/** Takes the records that a task sends. Topics are named as in the topology. */
export interface RecordSender {
  send<K, V>(
    topic: string,
    key: K | null,
    value: V | null,
    timestamp: number,
    headers: RecordHeaders,
    keySerde: Serde<K>,
    valueSerde: Serde<V>,
    partitioner: StreamPartitioner<K, V> | undefined,
  ): void
}

/** Where records leave a task. */
export class SinkProcessor<K, V> implements Downstream<K, V> {
  private readonly fixedTopic: string | undefined
  private readonly keySerde: Serde<K>
  private readonly valueSerde: Serde<V>
  private readonly partitioner: StreamPartitioner<K, V> | undefined
  /** What a topic name extractor sees: one object for all records. */
  private readonly routed = { timestamp: 0, headers: NO_HEADERS, topic: '', partition: 0, offset: 0 }

  constructor(
    private readonly node: AnySinkNode,
    private readonly record: RecordContext,
    private readonly sender: RecordSender,
  ) {
    this.fixedTopic = typeof node.topic === 'string' ? node.topic : undefined
    this.keySerde = node.key
    this.valueSerde = node.value
    this.partitioner = node.partitioner
  }

  /** @throws {ProductionError} if the record cannot be serialized or its partition cannot be chosen */
  process(key: K, value: V, timestamp: number): void {
    const { record } = this
    const topic = this.fixedTopic ?? this.route(key, value, timestamp)
    try {
      this.sender.send(
        topic,
        key ?? null,
        value ?? null,
        timestamp,
        record.headers,
        this.keySerde,
        this.valueSerde,
        this.partitioner,
      )
    } catch (cause) {
      throw cause instanceof StreamsError ? cause : new ProductionError(this.node.name, topic, record, cause)
    }
  }

  private route(key: K, value: V, timestamp: number): string {
    const { record, routed } = this
    routed.timestamp = timestamp
    routed.headers = record.headers
    routed.topic = record.topic
    routed.partition = record.partition
    routed.offset = record.offset
    try {
      const topic = (this.node.topic as TopicNameExtractor<K, V>)(key, value, routed)
      if (typeof topic === 'string' && topic !== '') return topic
      throw new TypeError(`a topic name is expected from the function, got ${String(topic)}`)
    } catch (cause) {
      throw new ProcessingError(this.node.name, record, cause)
    }
  }
}
