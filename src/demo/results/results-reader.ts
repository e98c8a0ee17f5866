import { Fetcher } from '../../kafka/consumer/fetcher.js'
import { listOffsets } from '../../kafka/consumer/list-offsets.js'
import type { FetchedChunk, IsolationLevel } from '../../kafka/records/fetched-chunk.js'
import { loadCompressionOf } from '../../kafka/records/load-compression.js'
import { RecordCursor } from '../../kafka/records/record-cursor.js'
import { topicPartitionKey } from '../../kafka/topic-partition.js'
import type { BrokerTransport } from '../../kafka/transport/broker-transport.js'
import type { ResultTable } from '../../observe/dashboard/results/result-table.js'
import { SchemaPendingError, whenReadable } from '../../serdes/schema-pending-error.js'
import type { ResultsTopic } from '../demo.js'

/** So many of the last records of a partition are read at first, to have something to show. */
const LAST_RECORDS = 20_000

/** Follows a topic of results, from near its end on, into a table. */
export class ResultsReader {
  private readonly topic: string
  private readonly fetcher: Fetcher
  private readonly cursor = new RecordCursor()
  /** Where each partition ended at the start. */
  private newsFrom: readonly number[] = []
  /** Up to where each partition is in the table; empty until that is known. */
  private positions: number[] = []
  private waiting: { readonly ends: readonly number[]; readonly resolve: () => void } | undefined

  constructor(
    private readonly transport: BrokerTransport,
    private readonly results: ResultsTopic,
    private readonly partitions: number,
    private readonly table: ResultTable,
  ) {
    this.topic = results.topic
    this.fetcher = new Fetcher(transport, { isolation: 'read_committed' })
  }

  /** Reads until the signal is raised. */
  async run(signal: AbortSignal): Promise<void> {
    await this.addPartitions()
    signal.addEventListener('abort', () => void this.fetcher.close(), { once: true })
    while (!signal.aborted) {
      for (let partition = 0; partition < this.partitions; partition++) {
        const chunk = this.fetcher.take(this.topic, partition)
        if (chunk !== undefined) await this.read(chunk)
      }
      await this.fetcher.available()
    }
  }

  /**
   * Resolves when all that the topic has at the time of the call is in the table: of a transaction that has ended, but
   * not been marked so everywhere yet, too.
   */
  async caughtUp(): Promise<void> {
    const ends = await this.offsets('latest', 'read_uncommitted')
    return new Promise((resolve) => {
      this.waiting = { ends, resolve }
      this.tellCaughtUp()
    })
  }

  private tellCaughtUp(): void {
    const { positions, waiting } = this
    if (waiting === undefined || positions.length === 0) return
    if (waiting.ends.every((end, partition) => positions[partition]! >= end)) waiting.resolve()
  }

  private async addPartitions(): Promise<void> {
    const starts = await this.offsets('earliest')
    this.newsFrom = await this.offsets('latest')
    this.positions = starts.map((start, partition) =>
      Math.max(start, this.newsFrom[partition]! - LAST_RECORDS),
    )
    for (const [partition, position] of this.positions.entries()) {
      this.fetcher.add(this.topic, partition, position)
    }
    this.tellCaughtUp()
  }

  /** The first or last offset of each partition. */
  private async offsets(
    end: 'earliest' | 'latest',
    isolation: IsolationLevel = 'read_committed',
  ): Promise<number[]> {
    const { topic } = this
    const partitions = Array.from({ length: this.partitions }, (_, partition) => ({ topic, partition }))
    const found = await listOffsets(this.transport, partitions, end, isolation)
    return partitions.map(({ partition }) => found.get(topicPartitionKey(topic, partition))!)
  }

  private async read(chunk: FetchedChunk): Promise<void> {
    await loadCompressionOf(chunk)
    const { cursor } = this
    const newsFrom = this.newsFrom[chunk.partition]!
    cursor.open(chunk, 'read_committed')
    while (cursor.next()) {
      if (cursor.keyEnd < 0 || cursor.valueEnd < 0) continue
      try {
        this.take(newsFrom)
      } catch (error) {
        if (!(error instanceof SchemaPendingError)) throw error
        await whenReadable(() => this.take(newsFrom))
      }
    }
    this.positions[chunk.partition] = cursor.nextOffset
    this.tellCaughtUp()
  }

  private take(newsFrom: number): void {
    const { cursor, results } = this
    const key = results.key.deserialize(cursor.buffer, cursor.keyStart, cursor.keyEnd)
    const value = results.value.deserialize(cursor.buffer, cursor.valueStart, cursor.valueEnd)
    this.table.take(results.fields(key, value), cursor.offset >= newsFrom)
  }
}
