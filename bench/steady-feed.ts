import { Producer } from '../src/kafka/producer/producer.js'
import type { BrokerTransport } from '../src/kafka/transport/broker-transport.js'
import { batchesOf, type FilledRecord } from './fill-topic.js'

const INTERVAL_MS = 5

export interface SteadyFeedOptions {
  readonly topic: string
  /** Records a second. */
  readonly rate: number
  /** How many there are to publish; default: until it is disposed. */
  readonly records?: number
  /** Asked for a record just before it is sent. */
  readonly recordAt: (index: number) => FilledRecord
}

/** Publishes records 0, 1, 2 ... at a steady rate. */
export class SteadyFeed implements AsyncDisposable {
  private readonly producer: Producer
  private stopped = false
  /** Resolves when all records are acknowledged; rejects if publishing fails. */
  readonly ended: Promise<void>

  constructor(
    transport: BrokerTransport,
    private readonly options: SteadyFeedOptions,
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
    const { topic, rate, records = Number.POSITIVE_INFINITY, recordAt } = this.options
    await this.producer.init()
    const begun = performance.now()
    let published = 0
    while (!this.stopped && published < records) {
      const due = Math.min(records, Math.floor(((performance.now() - begun) / 1000) * rate))
      if (due > published) await this.producer.produce(batchesOf(topic, published, due, recordAt))
      published = Math.max(published, due)
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopped = true
    await this.ended
    this.producer.close()
  }
}
