import { setTimeout as delay } from 'node:timers/promises'
import { Producer } from '../../src/kafka/producer/producer.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import type { BrokerTransport } from '../../src/kafka/transport/broker-transport.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { amountOf, type ChaosEvent, INPUT, PARTITIONS, SOURCES, sourceKey } from './chaos-topology.js'
import type { SeededRandom } from './seeded-random.js'

const CHUNK_MS = 40

/** Publishes events at a steady rate until it is stopped, each source's in order and each once. */
export class EventPublisher {
  private readonly producer: Producer
  private readonly sequences = new Uint32Array(SOURCES)
  private stopping = false
  /** Events that the broker has acknowledged. */
  published = 0
  private readonly done: Promise<void>

  constructor(
    transport: BrokerTransport,
    private readonly perSecond: number,
    private readonly random: SeededRandom,
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
    const builders = Array.from({ length: PARTITIONS }, () => new RecordBatchBuilder())
    const timestamp = Date.now()
    for (let index = 0; index < count; index++) {
      const source = Math.floor(this.random.next() * SOURCES)
      const sequence = this.sequences[source]!++
      const event: ChaosEvent = { source, sequence, amount: amountOf(source, sequence) }
      const key = Buffer.from(sourceKey(source))
      const value = Buffer.from(JSON.stringify(event))
      const partition = partitionFor(key, 0, key.length, PARTITIONS)
      builders[partition]!.appendBytes(timestamp, key, 0, key.length, value, 0, value.length, NO_HEADERS)
    }
    return builders.flatMap((builder, partition) =>
      builder.count === 0 ? [] : [{ topic: INPUT, partition, builder }],
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
