import { Fetcher } from '../src/kafka/consumer/fetcher.js'
import { RecordCursor } from '../src/kafka/records/record-cursor.js'
import type { BrokerTransport } from '../src/kafka/transport/broker-transport.js'
import { Signal } from '../src/runtime/signal.js'
import { PARTITIONS } from './workloads.js'

const WAIT_MS = 100

/** Reads a topic from its beginning, committed records only and as soon as they are, until nothing more is expected. */
export async function followOutput(
  transport: BrokerTransport,
  topic: string,
  read: (cursor: RecordCursor, atMs: number) => void,
  complete: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  const fetcher = new Fetcher(transport, { isolation: 'read_committed' })
  const available = new Signal()
  const cursor = new RecordCursor()
  fetcher.onAvailable = () => available.notify()
  for (let partition = 0; partition < PARTITIONS; partition++) fetcher.add(topic, partition, 0)
  try {
    while (!complete()) {
      signal.throwIfAborted()
      await available.wait(WAIT_MS)
      const now = performance.now()
      for (let partition = 0; partition < PARTITIONS; partition++) {
        for (;;) {
          const chunk = fetcher.take(topic, partition)
          if (chunk === undefined) break
          cursor.open(chunk, 'read_committed')
          while (cursor.next()) read(cursor, now)
        }
      }
    }
  } finally {
    await fetcher.close()
  }
}
