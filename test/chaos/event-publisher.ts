import { setTimeout as delay } from 'node:timers/promises'
import { Producer } from '../../src/kafka/producer/producer.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import type { BrokerTransport } from '../../src/kafka/transport/broker-transport.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { PARTITIONS } from './application.js'
import type { ChaosEvents } from './workload.js'

const CHUNK_MS = 40
const NO_BYTES = Buffer.alloc(0)

/** Publishes events at a steady rate until it is stopped, each once and in order of time, as far as they happen when they are published. */
export class EventPublisher {
  private readonly producer: Producer
  private stopping = false
  /** Of what was published last: a clock that is set back does not count. */
  private timestamp = 0
  /** Events that the broker has acknowledged. */
  published = 0
  private readonly done: Promise<void>

  constructor(
    transport: BrokerTransport,
    private readonly perSecond: number,
    private readonly events: ChaosEvents,
  ) {
    this.producer = new Producer(transport)
    this.done = this.run()
    // Whoever stops it hears of a failure.
    this.done.catch(() => {})
  }

  private async run(): Promise<void> {
    await this.producer.init()
    const begun = performance.now()
    while (!this.stopping) {
      const due = Math.floor(((performance.now() - begun) / 1000) * this.perSecond) - this.published
      if (due > 0) {
        const batches = this.batches(Math.min(due, this.perSecond))
        await this.producer.produce(batches)
        for (const { builder } of batches) this.published += builder.count
      }
      await delay(CHUNK_MS)
    }
  }

  private batches(count: number) {
    const builders = new Map<string, RecordBatchBuilder[]>()
    this.timestamp = Math.max(this.timestamp, Date.now())
    for (let index = 0; index < count; index++) {
      const { topic, key: text, value, delay: age = 0 } = this.events.next()
      const key = Buffer.from(text)
      const bytes = value === null ? NO_BYTES : Buffer.from(JSON.stringify(value))
      const valueEnd = value === null ? -1 : bytes.length
      const partitions =
        builders.get(topic) ?? Array.from({ length: PARTITIONS }, () => new RecordBatchBuilder())
      builders.set(topic, partitions)
      const builder = partitions[partitionFor(key, 0, key.length, PARTITIONS)]!
      builder.appendBytes(this.timestamp - age, key, 0, key.length, bytes, 0, valueEnd, NO_HEADERS)
    }
    return [...builders].flatMap(([topic, partitions]) =>
      partitions.flatMap((builder, partition) =>
        builder.count === 0 ? [] : [{ topic, partition, builder }],
      ),
    )
  }

  /** Resolves when everything is acknowledged; rejects with what kept it from going on. */
  async stop(): Promise<void> {
    this.stopping = true
    try {
      await this.done
    } finally {
      this.producer.close()
    }
  }
}
