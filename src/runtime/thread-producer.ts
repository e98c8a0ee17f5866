import { randomUUID } from 'node:crypto'
import type { CommittableOffset } from '../kafka/group/api/committable-offsets.js'
import type { GroupMetadata } from '../kafka/group/group-metadata.js'
import type { BatchToProduce, ProducedBatch } from '../kafka/producer/produce-run.js'
import { Producer } from '../kafka/producer/producer.js'
import { ProducerFencedError } from '../kafka/producer/producer-errors.js'
import { ThrottleCount } from '../kafka/throttle-count.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { StreamsConfig } from './streams-config.js'

/** The producer of a stream thread, which survives the loss of its transactional id. */
export class ThreadProducer {
  private producer: Producer
  /** Transactions that former producers have taken back. */
  private abortedBefore = 0
  readonly throttles = new ThrottleCount()

  /** @param name the thread's own, over restarts: with exactly_once its transactional id */
  constructor(
    private readonly transport: BrokerTransport,
    private readonly name: string,
    private readonly config: StreamsConfig,
  ) {
    this.producer = this.create(name)
  }

  /** Takes the transactional id: what a former process has left open is aborted. */
  init(): Promise<void> {
    return this.producer.init()
  }

  /** Transactions that were begun and taken back. */
  get abortedTransactions(): number {
    return this.abortedBefore + this.producer.abortedTransactions
  }

  produce(batches: readonly BatchToProduce[]): Promise<ProducedBatch[]> {
    return this.producer.produce(batches)
  }

  sendOffsets(
    group: GroupMetadata,
    offsets: readonly CommittableOffset[],
    renewed: (refused: GroupMetadata) => Promise<GroupMetadata | undefined>,
  ): Promise<void> {
    return this.producer.sendOffsets(group, offsets, renewed)
  }

  commit(): Promise<void> {
    return this.producer.commit()
  }

  /**
   * Aborts what is open, after any failure. A transactional id that another producer has taken is left to it: taking
   * it back would fence a successor. We go on under a new one; that nothing is committed twice is up to the group,
   * whose generation fences every commit.
   */
  async recover(): Promise<void> {
    try {
      await this.producer.recover()
    } catch (error) {
      if (!(error instanceof ProducerFencedError)) throw error
      this.producer.close()
      this.abortedBefore += this.producer.abortedTransactions
      this.producer = this.create(`${this.name}-${randomUUID()}`)
      await this.producer.init()
    }
  }

  private create(transactionalId: string): Producer {
    const { processingGuarantee, transactionTimeoutMs } = this.config
    return new Producer(
      this.transport,
      processingGuarantee === 'exactly_once'
        ? { transactionalId, transactionTimeoutMs, throttles: this.throttles }
        : { throttles: this.throttles },
    )
  }

  /** Leaves nothing open, for which readers of what was written would have to wait until it times out. */
  async abort(): Promise<void> {
    const { state } = this.producer
    if (state === 'in-transaction' || state === 'must-abort' || state === 'fatal')
      await this.producer.recover()
  }

  /** Gives up what is under way; the outcome of a commit in flight stays unknown. */
  close(): void {
    this.producer.close()
  }
}
