import type { RecordSender } from '../runtime/sink-processor.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { StreamPartitioner } from '../topology/sub-topology.js'
import { serialized } from './serialized.js'
import type { RawRecord } from './test-record.js'

/** Serializes what a task sends and keeps it until it is committed. */
export class DriverSender implements RecordSender {
  private sent: { readonly topic: string; readonly record: RawRecord }[] = []

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
    const chosen = partitioner?.(topic, key as K, value as V, 1)
    const partitions = typeof chosen === 'object' ? chosen : [chosen]
    const wrong = partitions.find((partition) => partition !== undefined && partition !== 0)
    if (wrong !== undefined) {
      throw new RangeError(`the partitioner chose partition ${wrong} of a topic that has one, 0`)
    }
    const record = {
      key: serialized(keySerde, key),
      value: serialized(valueSerde, value),
      timestamp,
      headers,
    }
    for (const _ of partitions) this.sent.push({ topic, record })
  }

  /** Hands over what was sent since the last call. */
  take(): readonly { readonly topic: string; readonly record: RawRecord }[] {
    const { sent } = this
    this.sent = []
    return sent
  }
}
