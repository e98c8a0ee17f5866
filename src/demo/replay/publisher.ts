import { setTimeout as delay } from 'node:timers/promises'
import type { ProducedBatch } from '../../kafka/producer/produce-run.js'
import type { Producer } from '../../kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../kafka/records/record-batch-builder.js'
import { Pace, type Speed } from './pace.js'
import type { ReplaySource } from './replay-source.js'

export interface PublisherOptions {
  readonly speed: Speed
  /** Publish the first so many events only. */
  readonly limit?: number | undefined
}

/** A partition holds more records than the source has for it: others write to it. */
export class ForeignRecordsError extends Error {
  override readonly name = 'ForeignRecordsError'

  constructor(topic: string, partition: number, present: number, foreign: number) {
    super(
      `${topic}-${partition} holds ${present} records, ${foreign} more than are published there, so others write to it: publish into a fresh topic (--fresh)`,
    )
  }
}

const BATCH_BYTES = 512 * 1024
const TICK_MS = 50

/**
 * Publishes a source's events, in order, each exactly once over any number of runs: what a partition holds is how many
 * of its events have been published, so a run begins behind them. That needs an idempotent producer without
 * transactions (markers take offsets) and topics that nobody else writes to.
 */
export class Publisher {
  /** How many events are to be published in all. */
  readonly total: number
  private acknowledged = 0
  private next = 0
  private readonly toSkip: number[]
  private readonly pace: Pace
  private filling: readonly RecordBatchBuilder[]
  private sending: readonly RecordBatchBuilder[]
  private sent: Promise<ProducedBatch[]> | undefined

  /** @param endOffsets of the source's places: how many records are there */
  constructor(
    private readonly source: ReplaySource,
    private readonly producer: Producer,
    endOffsets: readonly number[],
    options: PublisherOptions,
  ) {
    this.total = Math.min(source.count, options.limit ?? source.count)
    this.pace = new Pace(options.speed)
    this.toSkip = [...endOffsets]
    const builders = () => source.places.map(() => new RecordBatchBuilder({ maxBytes: BATCH_BYTES }))
    this.filling = builders()
    this.sending = builders()
    this.skipPublished(endOffsets)
  }

  /** How many events are in their topics, those of earlier runs included. */
  get published(): number {
    return this.acknowledged
  }

  /** Publishes what is due until all is published or the signal is raised; what was begun is acknowledged then. */
  async run(signal: AbortSignal): Promise<void> {
    while (this.next < this.total && !signal.aborted) {
      const due = this.pace.dueAt(performance.now(), this.source.arrivalTime(this.next))
      const full = this.fill(due)
      await this.send()
      if (!full) await this.pause(signal)
    }
    await this.settle()
  }

  /** Advances to the first event that is not in its topic. Partitions may have got differently far. */
  private skipPublished(endOffsets: readonly number[]): void {
    const { source, toSkip } = this
    const ahead = [...endOffsets]
    let first: number | undefined
    for (let event = 0; event < source.count && ahead.some((count) => count > 0); event++) {
      const place = source.place(event)
      if (ahead[place]! > 0) {
        ahead[place]!--
        if (first === undefined) toSkip[place]!--
        this.acknowledged++
      } else {
        first ??= event
      }
      if (first === undefined) this.next = event + 1
    }
    const foreign = ahead.findIndex((count) => count > 0)
    if (foreign < 0) return
    const { topic, partition } = source.places[foreign]!
    throw new ForeignRecordsError(topic, partition, endOffsets[foreign]!, ahead[foreign]!)
  }

  /** Fills batches with the events that are due. True: a batch is full, so more may be due. */
  private fill(due: number): boolean {
    const { source, toSkip, filling } = this
    while (this.next < this.total && source.arrivalTime(this.next) <= due) {
      const event = this.next++
      const place = source.place(event)
      if (toSkip[place]! > 0) {
        toSkip[place]!--
        continue
      }
      const batch = filling[place]!
      source.append(event, batch)
      if (batch.full) return true
    }
    return this.next === this.total
  }

  /** Sends the filled batches, once those before are acknowledged; the next are filled meanwhile. */
  private async send(): Promise<void> {
    await this.settle()
    const batches = this.filling
      .map((builder, place) => ({ ...this.source.places[place]!, builder }))
      .filter(({ builder }) => builder.count > 0)
    if (batches.length === 0) return
    const sent = this.producer.produce(batches)
    // A failure is for settle() to throw, which may come later.
    sent.catch(() => {})
    this.sent = sent
    const filled = this.filling
    this.filling = this.sending
    this.sending = filled
  }

  private async settle(): Promise<void> {
    if (this.sent === undefined) return
    await this.sent
    this.sent = undefined
    for (const builder of this.sending) {
      this.acknowledged += builder.count
      builder.reset()
    }
  }

  private async pause(signal: AbortSignal): Promise<void> {
    await this.settle()
    await delay(TICK_MS, undefined, { signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error
    })
  }
}
