import type { RecordSender } from '../../../src/runtime/sink-processor.js'
import type { RecordHeaders } from '../../../src/serdes/record-headers.js'
import type { Serde } from '../../../src/serdes/serde.js'
import { serialized } from '../../../src/testing/serialized.js'
import type { RawRecord } from '../../../src/testing/test-record.js'
import type { StreamPartitioner } from '../../../src/topology/sub-topology.js'
import { partitionOf } from './plan.js'

/** A record on its way, and where it goes. */
export interface Sent {
  readonly topic: string
  readonly partition: number
  readonly record: RawRecord
}

/** Keeps what a task sends, with the partition that it is for, until it is committed. */
export class TaskSender implements RecordSender {
  private sent: Sent[] = []

  constructor(private readonly partitions: number) {}

  send<K, V>(
    topic: string,
    key: K | null,
    value: V | null,
    timestamp: number,
    headers: RecordHeaders,
    keySerde: Serde<K>,
    valueSerde: Serde<V>,
    partitioner: StreamPartitioner<K, V> | undefined,
  ): void {
    const record = {
      key: serialized(keySerde, key),
      value: serialized(valueSerde, value),
      timestamp,
      headers,
    }
    const chosen = partitioner?.(topic, key as K, value as V, this.partitions)
    const partition = typeof chosen === 'number' ? chosen : partitionOf(String(key), this.partitions)
    this.sent.push({ topic, partition, record })
  }

  /** Hands over what was sent since the last call. */
  take(): readonly Sent[] {
    return this.sent.splice(0)
  }
}
