import { Producer } from '../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import type { BrokerTransport } from '../../src/kafka/transport/broker-transport.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { PARTITIONS } from '../workloads.js'

const INTERVAL_MS = 5
const KEYS = 1_000

/**
 * Publishes records at a steady rate, as many to each partition; a key begins
 * with its partition, a value is the time at which it was published.
 */
export class SteadyFeed implements AsyncDisposable {
  private readonly producer: Producer
  private stopped = false
  private readonly ended: Promise<void>
  private sent = 0

  constructor(
    transport: BrokerTransport,
    private readonly topic: string,
    private readonly rate: number,
  ) {
    this.producer = new Producer(transport, {})
    this.ended = this.run()
    // Whoever waits for the feed hears of its failure.
    this.ended.catch(() => {})
  }

  /** Never resolves; rejects if publishing fails. */
  failure(): Promise<never> {
    return this.ended.then(() => new Promise<never>(() => {}))
  }

  private async run(): Promise<void> {
    await this.producer.init()
    const begun = performance.now()
    let published = 0
    while (!this.stopped) {
      const due = Math.floor(((performance.now() - begun) / 1000) * (this.rate / PARTITIONS))
      if (due > published) await this.producer.produce(this.batches(due - published))
      published = Math.max(published, due)
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))
    }
  }

  private batches(perPartition: number) {
    const now = Date.now()
    const value = Buffer.from(String(now))
    return Array.from({ length: PARTITIONS }, (_, partition) => {
      const builder = new RecordBatchBuilder()
      for (let count = 0; count < perPartition; count++) {
        const key = Buffer.from(`${partition}-${this.sent++ % KEYS}`)
        builder.appendBytes(now, key, 0, key.length, value, 0, value.length, NO_HEADERS)
      }
      return { topic: this.topic, partition, builder }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopped = true
    await this.ended
    this.producer.close()
  }
}
